package org.modelc.codegen.llvm.gemm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.ScalarOp;

/** Points of several axes by one number, the last axis running fastest. */
record Points(KernelFunction function, Arithmetic math) {
  /** Binds axes to the point of a number. */
  Scope bind(Scope scope, List<Axis> axes, Operand number) {
    Scope bound = scope;
    Operand rest = number;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      Operand extent = function.dim(axis.extent());
      Operand value = i == 0 ? rest : math.remainder(rest, extent);
      rest = i == 0 ? rest : math.divide(rest, extent);
      bound = bound.with(axis.name(), value, axis.extent());
    }
    return bound;
  }

  /**
   * The name of the variable that numbers the points of axes: an axis alone is that itself, others
   * are given by it in {@link #numbered}.
   */
  static String number(List<Axis> axes) {
    return axes.size() == 1 ? axes.get(0).name() : axes.get(0).name() + "_number";
  }

  /** An expression in terms of the number of a point instead of several axes. */
  static Expr numbered(Expr expr, List<Axis> axes) {
    if (axes.size() == 1) {
      return expr;
    }
    Map<String, Expr> values = new HashMap<>();
    Expr rest = new Axis(number(axes), Contraction.extent(axes)).variable();
    for (int i = axes.size() - 1; i >= 0; i--) {
      Expr extent = Expr.size(axes.get(i).extent());
      Expr value = i == 0 ? rest : Expr.apply(ScalarOp.REMAINDER, rest, extent);
      rest = i == 0 ? rest : rest.dividedBy(extent);
      values.put(axes.get(i).name(), value);
    }
    return ExprWalk.substitute(expr, values);
  }

  /** The position of an element where the scope's axes are bound; other axes count as 0. */
  Operand position(AffineIndex index, Scope scope) {
    Operand sum = function.dim(index.offset());
    for (String axis : new java.util.TreeSet<>(index.coefficients().keySet())) {
      Operand value = scope.values().get(axis);
      if (value != null) {
        sum = math.add(sum, math.times(value, function.dim(index.coefficient(axis))));
      }
    }
    return sum;
  }
}

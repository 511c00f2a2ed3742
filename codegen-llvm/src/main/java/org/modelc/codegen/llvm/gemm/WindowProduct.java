package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A nest that sums products of two loads, with its axes told apart: {@code out[batch, rows,
 * columns] = initial + Σ over inner of left[batch, rows, inner] × right[batch, columns, inner]}.
 *
 * @param batch axes that both loads depend on, or neither
 * @param rows axes of the left load alone
 * @param columns axes of the right load alone
 */
record WindowProduct(
    LoopNest nest,
    List<Axis> batch,
    List<Axis> rows,
    List<Axis> columns,
    Expr.Load left,
    Expr.Load right) {
  WindowProduct {
    batch = List.copyOf(batch);
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /** Both readings of a nest, or none if it is no sum of products of two loads. */
  static List<WindowProduct> readings(LoopNest nest) {
    if (nest.reductions().size() != 1 || nest.reduce().isEmpty()) {
      return List.of();
    }
    LoopNest.Reduction reduction = nest.reductions().get(0);
    boolean product =
        reduction.combiner() == Combiner.SUM
            && reduction.initial() instanceof Expr.Const
            && reduction.body() instanceof Expr.Apply apply
            && apply.op() == ScalarOp.MULTIPLY
            && isPlain(apply.operands().get(0), reduction.dtype())
            && isPlain(apply.operands().get(1), reduction.dtype());
    if (!product) {
      return List.of();
    }
    List<Expr> factors = ((Expr.Apply) reduction.body()).operands();
    Expr.Load one = (Expr.Load) factors.get(0);
    Expr.Load other = (Expr.Load) factors.get(1);
    return List.of(of(nest, one, other), of(nest, other, one));
  }

  private static boolean isPlain(Expr factor, DType dtype) {
    boolean floating = dtype == DType.F32 || dtype == DType.F64;
    return floating
        && factor instanceof Expr.Load load
        && load.buffer().dtype() == dtype
        && AffineIndex.flat(load.buffer(), load.index()) != null;
  }

  private static WindowProduct of(LoopNest nest, Expr.Load left, Expr.Load right) {
    Set<String> inLeft = variables(left);
    Set<String> inRight = variables(right);
    List<Axis> batch = new ArrayList<>();
    List<Axis> rows = new ArrayList<>();
    List<Axis> columns = new ArrayList<>();
    for (Axis axis : nest.parallel()) {
      boolean l = inLeft.contains(axis.name());
      boolean r = inRight.contains(axis.name());
      (l == r ? batch : l ? rows : columns).add(axis);
    }
    return new WindowProduct(nest, batch, rows, columns, left, right);
  }

  private static Set<String> variables(Expr expr) {
    Set<String> names = new HashSet<>();
    ExprWalk.visit(
        expr,
        node -> {
          if (node instanceof Expr.Var variable) {
            names.add(variable.name());
          }
        });
    return names;
  }

  DType dtype() {
    return nest.reductions().get(0).dtype();
  }

  /** The value that sums begin with. */
  double initial() {
    return ((Expr.Const) nest.reductions().get(0).initial()).value();
  }

  AffineIndex leftPlace() {
    return AffineIndex.flat(left.buffer(), left.index());
  }

  AffineIndex rightPlace() {
    return AffineIndex.flat(right.buffer(), right.index());
  }

  /** How far apart elements are along an axis, if that is known while compiling; else null. */
  static Long step(AffineIndex place, Axis axis) {
    Dim coefficient = place.coefficient(axis.name());
    return coefficient.isStatic() ? coefficient.value() : null;
  }

  /** Whether the steps of both loads along axes, and the axes' extents, are known. */
  boolean isKnown(List<Axis> axes) {
    return axes.stream()
        .allMatch(
            axis ->
                axis.extent().isStatic()
                    && step(leftPlace(), axis) != null
                    && step(rightPlace(), axis) != null);
  }
}

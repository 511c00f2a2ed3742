package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/**
 * One side of a product: its elements by line (a row of the left factor, a column of the right one)
 * and step of the depth.
 *
 * @param value the element
 * @param lines the axes of lines
 * @param inner the axes of steps
 * @param steps those that are looked at now
 * @param product what it is a factor of
 */
record Factor(
    Expr value,
    List<Axis> lines,
    List<Axis> inner,
    Steps steps,
    Contraction product,
    KernelFunction function) {
  /** The same factor at other steps. */
  Factor of(Steps others) {
    return new Factor(value, lines, inner, others, product, function);
  }

  private FunctionWriter out() {
    return function.writer();
  }

  private Arithmetic math() {
    return new Arithmetic(out());
  }

  private String element() {
    return LlvmTypes.value(product.dtype());
  }

  private long bytes() {
    return product.dtype().bytes();
  }

  /** Whether a line's steps are next to each other. */
  boolean isLineByLine() {
    return product.place(value) != null && lines.size() <= 1 && product.runsAlong(value, inner);
  }

  /** Whether a step's lines are next to each other. */
  boolean isStepByStep() {
    return inner.size() == 1 && product.runsAlong(value, lines);
  }

  /** Bytes from line to line of a factor that lies line by line. */
  Dim lineStride() {
    AffineIndex place = product.place(value);
    Dim elements = lines.isEmpty() ? Dim.ZERO : place.coefficient(lines.get(0).name());
    return elements.times(bytes());
  }

  /** Bytes from step to step of a factor that lies step by step. */
  Dim stepStride() {
    return product.place(value).coefficient(inner.get(0).name()).times(bytes());
  }

  /** The address of a line's first step of these in a factor that is read as it lies. */
  Operand address(Scope batch, Operand line) {
    Expr.Load load = (Expr.Load) value;
    AffineIndex place = product.place(value);
    Operand position = new Points(function, math()).position(place, batch);
    Operand step = function.dim(place.coefficient(inner.get(0).name()));
    position = math().add(position, math().times(steps.from(), step));
    if (!lines.isEmpty()) {
      Operand stride = function.dim(place.coefficient(lines.get(0).name()));
      position = math().add(position, math().times(line, stride));
    }
    return out().address(element(), function.pointer(load.buffer()), position);
  }

  /**
   * Brings lines into a panel.
   *
   * @param first the first line
   * @param count how many lines, at most {@code width}
   */
  void pack(Scope batch, Operand first, Operand count, int lanes, int width, Operand panel) {
    PackFunctions pack = new PackFunctions(product.dtype(), lanes, width);
    Operand depth = steps.count();
    if (isStepByStep()) {
      String copying = pack.copying(out().module());
      Operand stride = function.dim(stepStride());
      out()
          .call("void", copying, address(batch, first), stride, depth, count, panel, pack.places());
    } else if (isLineByLine()) {
      String turning = pack.turning(out().module());
      Operand stride = function.dim(lineStride());
      out()
          .call("void", turning, address(batch, first), stride, depth, count, panel, pack.places());
    } else {
      packAny(batch, first, count, lanes, width, panel);
    }
  }

  private void packAny(
      Scope batch, Operand first, Operand count, int lanes, int width, Operand panel) {
    Operand depth = steps.count();
    for (int on = 0; on < width; on += lanes) {
      Operand at = Operand.i64(on);
      math()
          .when(
              math().isBelow(at, count),
              () -> {
                Operand mask = out().mask(math().subtract(count, at), lanes);
                Operand line = math().add(first, at);
                Operand place = out().address(element(), panel, at);
                out()
                    .loop(
                        Operand.i64(0),
                        depth,
                        1,
                        step -> {
                          Operand number = math().add(steps.from(), step);
                          Operand vector = vector(batch, line, number, lanes, mask);
                          out()
                              .store(
                                  vector,
                                  out().address(element(), place, math().times(step, width)));
                        });
              });
    }
  }

  private Operand vector(Scope batch, Operand line, Operand step, int lanes, Operand mask) {
    Scope scope = new Points(function, math()).bind(batch, inner, step);
    if (lines.isEmpty()) {
      return new ExpressionWriter(function, scope, new Lanes("", lanes, mask), sum -> null)
          .vector(value);
    }
    String number = Points.number(lines);
    scope = scope.with(number, line, Contraction.extent(lines));
    return new ExpressionWriter(function, scope, new Lanes(number, lanes, mask), sum -> null)
        .vector(Points.numbered(value, lines));
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Weights of bytes that were brought into panels before the program runs: {@code buffer[column /
 * width, step / group, column % width, step % group]}; what does not exist is 0.
 *
 * @param buffer its shape is {@code [panels, groups, width, group]}
 */
record IntegerPanels(Buffer buffer) {
  private static final int RANK = 4;

  /** The panels of so many columns and steps. */
  static IntegerPanels of(String name, long columns, long depth, IntegerTile tile) {
    long panels = (columns + tile.columns() - 1) / tile.columns();
    List<Dim> shape =
        List.of(
            Dim.constant(panels),
            Dim.constant(tile.groups(depth)),
            Dim.constant(tile.columns()),
            Dim.constant(tile.arithmetic().steps));
    return new IntegerPanels(new Buffer(name, DType.I8, shape));
  }

  /** The panels that a factor reads, or null if it reads none. */
  static IntegerPanels read(Expr factor, List<Axis> columns, List<Axis> inner, IntegerTile tile) {
    if (!(factor instanceof Expr.Load load)
        || columns.size() != 1
        || inner.size() != 1
        || load.buffer().shape().size() != RANK) {
      return null;
    }
    Axis column = columns.get(0);
    Axis step = inner.get(0);
    if (!column.extent().isStatic() || !step.extent().isStatic()) {
      return null;
    }
    IntegerPanels like =
        of(load.buffer().name(), column.extent().value(), step.extent().value(), tile);
    return load.equals(like.element(column, step)) ? like : null;
  }

  /** The element of a column and a step. */
  Expr element(Axis column, Axis step) {
    Expr width = Expr.integer(buffer.shape().get(2).value());
    Expr group = Expr.integer(buffer.shape().get(RANK - 1).value());
    return new Expr.Load(
        buffer,
        List.of(
            column.variable().dividedBy(width),
            step.variable().dividedBy(group),
            Expr.apply(ScalarOp.REMAINDER, column.variable(), width),
            Expr.apply(ScalarOp.REMAINDER, step.variable(), group)));
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Weights that were brought into panels before the program runs: {@code buffer[column / width, byte
 * / group, column % width, byte % group]}, where the bytes of a column are its steps, or hold two
 * each; what does not exist is 0.
 *
 * @param buffer its shape is {@code [panels, groups, width, group]}
 */
record IntegerPanels(Buffer buffer, IntegerArithmetic arithmetic) {
  private static final int RANK = 4;

  /** The panels of so many columns and steps. */
  static IntegerPanels of(String name, long columns, long depth, IntegerTile tile) {
    long panels = (columns + tile.columns() - 1) / tile.columns();
    List<Dim> shape =
        List.of(
            Dim.constant(panels),
            Dim.constant(tile.groups(depth)),
            Dim.constant(tile.columns()),
            Dim.constant(tile.arithmetic().rightBytes));
    return new IntegerPanels(new Buffer(name, DType.I8, shape), tile.arithmetic());
  }

  /** The panels that a factor reads, or null if it reads none. */
  static IntegerPanels read(Expr factor, List<Axis> columns, List<Axis> inner, IntegerTile tile) {
    Set<Buffer> buffers = new HashSet<>();
    ExprWalk.loads(factor, buffers);
    if (columns.size() != 1 || inner.size() != 1 || buffers.size() != 1) {
      return null;
    }
    Buffer buffer = buffers.iterator().next();
    Axis column = columns.get(0);
    Axis step = inner.get(0);
    if (!column.extent().isStatic() || !step.extent().isStatic()) {
      return null;
    }
    IntegerPanels like = of(buffer.name(), column.extent().value(), step.extent().value(), tile);
    return factor.equals(like.element(column, step)) ? like : null;
  }

  /** The element of a column and a step. */
  Expr element(Axis column, Axis step) {
    Expr number = step.variable();
    return arithmetic.hasNibbles()
        ? half(signed(loaded(column, number.dividedBy(Expr.integer(2)))), number)
        : signed(loaded(column, number));
  }

  private Expr signed(Expr stored) {
    return arithmetic.hasUnsignedWeights() ? turned(stored) : stored;
  }

  /** A byte as panels hold it. */
  Expr stored(Expr signed) {
    return arithmetic.hasUnsignedWeights() ? turned(signed) : signed;
  }

  /** Signed integers as unsigned ones and back, by their highest bits. */
  private Expr turned(Expr whole) {
    Expr offset = Expr.integer(Digits.weightOffset(arithmetic.hasNibbles()));
    return Expr.cast(DType.I8, Expr.apply(ScalarOp.XOR, Expr.cast(DType.I32, whole), offset));
  }

  private Expr loaded(Axis column, Expr place) {
    Expr width = Expr.integer(buffer.shape().get(2).value());
    Expr group = Expr.integer(buffer.shape().get(RANK - 1).value());
    return new Expr.Load(
        buffer,
        List.of(
            column.variable().dividedBy(width),
            place.dividedBy(group),
            Expr.apply(ScalarOp.REMAINDER, column.variable(), width),
            Expr.apply(ScalarOp.REMAINDER, place, group)));
  }

  /** The low half of a byte for an even step, else the high one. */
  static Expr half(Expr whole, Expr step) {
    Expr unused =
        Expr.integer(28)
            .minus(Expr.apply(ScalarOp.AND, step, Expr.integer(1)).times(Expr.integer(4)));
    Expr up = Expr.apply(ScalarOp.SHIFT_LEFT, Expr.cast(DType.I32, whole), unused);
    return Expr.cast(DType.I8, Expr.apply(ScalarOp.SHIFT_RIGHT, up, Expr.integer(28)));
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.Dim;

/**
 * A right factor that was brought into panels before the program runs: {@code buffer[column /
 * width, step, column % width]}, columns that do not exist being 0.
 *
 * @param buffer its shape is {@code [panels, depth, width]}
 */
record PackedPanels(Buffer buffer) {
  /** The panels of {@code columns} columns. */
  static PackedPanels of(String name, org.modelc.runtime.spec.DType dtype, Size size) {
    long panels = (size.columns + size.width - 1) / size.width;
    List<Dim> shape =
        List.of(Dim.constant(panels), Dim.constant(size.depth), Dim.constant(size.width));
    return new PackedPanels(new Buffer(name, dtype, shape));
  }

  /** How much there is to pack. */
  record Size(long columns, long depth, int width) {}

  /** The panels that a factor reads, or null if it reads none. */
  static PackedPanels read(Expr factor, List<Axis> columns, List<Axis> inner) {
    if (!(factor instanceof Expr.Load load) || columns.size() != 1 || inner.size() != 1) {
      return null;
    }
    List<Dim> shape = load.buffer().shape();
    if (shape.size() != 3 || !shape.stream().allMatch(Dim::isStatic)) {
      return null;
    }
    PackedPanels panels = new PackedPanels(load.buffer());
    boolean reads = load.equals(panels.element(columns.get(0), inner.get(0)));
    boolean whole = inner.get(0).extent().is(shape.get(1).value());
    return reads && whole ? panels : null;
  }

  /** The element of a column and a step. */
  Expr element(Axis column, Axis step) {
    Expr width = Expr.integer(width());
    Expr number = column.variable().dividedBy(width);
    Expr place = Expr.apply(ScalarOp.REMAINDER, column.variable(), width);
    return new Expr.Load(buffer, List.of(number, step.variable(), place));
  }

  /** Columns of a panel. */
  int width() {
    return (int) buffer.shape().get(2).value();
  }

  /** Bytes from panel to panel. */
  long bytes() {
    return buffer.shape().get(1).value() * width() * buffer.dtype().bytes();
  }
}

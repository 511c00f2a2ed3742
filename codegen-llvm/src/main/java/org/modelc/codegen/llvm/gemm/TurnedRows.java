package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.runtime.spec.Dim;

/**
 * Turns rows of a factor round: {@code [point of the axes, row]}, as many rows as a tile has
 * columns.
 *
 * @param index where the factor's elements are
 * @param axes axes of known extent along which its elements lie at known distances
 */
record TurnedRows(
    AffineIndex index, Axis row, List<Axis> axes, RegisterTile tile, KernelFunction function) {
  private FunctionWriter out() {
    return function.writer();
  }

  private Arithmetic math() {
    return new Arithmetic(out());
  }

  /**
   * @param from the first row's first element
   * @param rows how many there are; places of rows that are not there hold anything
   */
  void write(Operand from, Operand rows, Operand to) {
    write(0, from, rows, to);
  }

  private void write(int first, Operand from, Operand rows, Operand to) {
    if (first < axes.size() && follow(first)) {
      PackFunctions pack = new PackFunctions(tile.dtype(), tile.lanes(), tile.columns());
      Operand depth = function.dim(Contraction.extent(axes.subList(first, axes.size())));
      out()
          .call(
              "void", pack.turning(out().module()), from, stride(), depth, rows, to, pack.places());
      return;
    }
    if (first == axes.size()) {
      String element = LlvmTypes.value(tile.dtype());
      out()
          .loop(
              Operand.i64(0),
              rows,
              1,
              row -> {
                Operand place = math().on(from, math().times(row, stride()));
                out().store(out().load(element, place), out().address(element, to, row));
              });
      return;
    }
    Axis axis = axes.get(first);
    long step = step(axis) * tile.bytes();
    long places = Contraction.extent(axes.subList(first + 1, axes.size())).value();
    out()
        .loop(
            Operand.i64(0),
            function.dim(axis.extent()),
            1,
            at ->
                write(
                    first + 1,
                    math().on(from, math().times(at, step)),
                    rows,
                    math().on(to, math().times(at, places * tile.rightStep()))));
  }

  /** Bytes from row to row. */
  private Operand stride() {
    Dim elements = index.coefficient(row.name());
    return function.dim(elements.times(tile.bytes()));
  }

  private long step(Axis axis) {
    return WindowProduct.step(index, axis);
  }

  /** Whether elements follow each other along an axis and those inside it. */
  private boolean follow(int first) {
    long expected = 1;
    for (int i = axes.size() - 1; i >= first; i--) {
      if (step(axes.get(i)) != expected) {
        return false;
      }
      expected *= axes.get(i).extent().value();
    }
    return true;
  }
}

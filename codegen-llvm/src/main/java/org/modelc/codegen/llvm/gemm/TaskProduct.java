package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.DType;

/**
 * Products of matrices that lie in a core's caches, inside one task of another template: {@code
 * c[i, j] = Σ a[i, k] × b[k, j]}. There is at least one row.
 */
public final class TaskProduct {
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final String element;

  public TaskProduct(FunctionWriter out, TargetDescription target, DType dtype) {
    this.out = out;
    this.math = new Arithmetic(out);
    this.tile = RegisterTile.of(target, dtype);
    this.element = LlvmTypes.value(dtype);
  }

  /**
   * A matrix in memory.
   *
   * @param stride bytes from row to row
   */
  public record Matrix(Operand address, Operand stride) {}

  /** Columns of a panel. */
  public int panelColumns() {
    return tile.columns();
  }

  /**
   * Makes rows the columns of panels, which lie one after another: {@code panel[k, j]}. Places of
   * columns that do not exist hold anything.
   */
  public void pack(Matrix rows, Operand count, Operand depth, Operand panels) {
    String pack =
        new PackFunctions(tile.dtype(), tile.lanes(), tile.columns()).turning(out.module());
    out.loop(
        Operand.i64(0),
        count,
        tile.columns(),
        first -> {
          Operand from = out.address("i8", rows.address(), math.times(first, rows.stride()));
          Operand to = out.address(element, panels, math.times(first, depth));
          Operand lines = math.minimum(Operand.i64(tile.columns()), math.subtract(count, first));
          out.call("void", pack, from, rows.stride(), depth, lines, to);
        });
  }

  /** A product with panels. Whole panels of the result are written. */
  public void panels(
      Matrix a, Operand panels, Operand depth, Operand rows, Operand columns, Matrix c) {
    Operand stride = Operand.i64((long) tile.columns() * tile.bytes());
    out.loop(
        Operand.i64(0),
        columns,
        tile.columns(),
        first -> {
          Operand panel = out.address(element, panels, math.times(first, depth));
          Operand to = out.address(element, c.address(), first);
          Strip strip =
              new Strip(new Matrix(panel, stride), new Matrix(to, c.stride()), tile.vectors());
          strip(a, MicroKernel.Left.ROWS, depth, rows, strip, tile.columns());
        });
  }

  /**
   * A product with a matrix whose rows have few columns.
   *
   * @param steps whether {@code a} lies transposed: its stride is from {@code k} to {@code k}
   */
  public void columns(
      Matrix a, boolean steps, Matrix b, Operand depth, Operand rows, long columns, Matrix c) {
    MicroKernel.Left left = steps ? MicroKernel.Left.STEPS : MicroKernel.Left.ROWS;
    for (long first = 0; first < columns; first += tile.columns()) {
      long rest = Math.min(columns - first, tile.columns());
      int vectors = (int) ((rest + tile.lanes() - 1) / tile.lanes());
      Operand from = out.address(element, b.address(), Operand.i64(first));
      Operand to = out.address(element, c.address(), Operand.i64(first));
      Strip strip = new Strip(new Matrix(from, b.stride()), new Matrix(to, c.stride()), vectors);
      strip(a, left, depth, rows, strip, rest);
    }
  }

  /** Some columns of a product. */
  private record Strip(Matrix b, Matrix c, int vectors) {}

  private void strip(
      Matrix a, MicroKernel.Left left, Operand depth, Operand rows, Strip strip, long columns) {
    boolean masked = columns % tile.lanes() != 0;
    RowTiles tiles = RowTiles.of(rows, tile.rows(), math);
    KernelChoice kernels = new KernelChoice(tile, tiles, out);
    out.loop(
        Operand.i64(0),
        tiles.count(),
        1,
        number -> {
          Operand first = tiles.first(number);
          Operand kernel =
              kernels.function(
                  number,
                  new MicroKernel.Kind(
                      strip.vectors, left, MicroKernel.Right.STEPS, masked, false, 0));
          Operand from =
              left == MicroKernel.Left.ROWS
                  ? out.address("i8", a.address(), math.times(first, a.stride()))
                  : out.address(element, a.address(), first);
          Operand to = out.address("i8", strip.c.address(), math.times(first, strip.c.stride()));
          call(kernel, new Matrix(from, a.stride()), strip, to, depth, columns);
        });
  }

  private void call(
      Operand kernel, Matrix a, Strip strip, Operand to, Operand depth, long columns) {
    out.callAddress(
        kernel,
        a.address(),
        a.stride(),
        strip.b.address(),
        strip.b.stride(),
        to,
        strip.c.stride(),
        depth,
        Operand.number(element, 0),
        Operand.i64(columns),
        MicroKernel.NO_PANEL);
  }
}

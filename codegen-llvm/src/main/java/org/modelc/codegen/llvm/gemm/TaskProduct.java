package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.DType;

/**
 * Products of matrices that lie in a core's caches, inside one task of another template: {@code
 * c[i, j] = Σ a[i, k] × b[k, j]}. There is at least one row. Whole vectors of {@code b} are read
 * and of {@code c} written.
 */
public final class TaskProduct {
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final Runnable between;

  public TaskProduct(FunctionWriter out, TargetDescription target, DType dtype) {
    this(out, target, dtype, () -> {});
  }

  /**
   * @param between writes what is done after each tile
   */
  public TaskProduct(FunctionWriter out, TargetDescription target, DType dtype, Runnable between) {
    this.out = out;
    this.math = new Arithmetic(out);
    this.tile = RegisterTile.of(target, dtype);
    this.between = between;
  }

  /**
   * A matrix in memory.
   *
   * @param stride bytes from row to row
   */
  public record Matrix(Operand address, Operand stride) {}

  /**
   * The left factor.
   *
   * @param turned whether it lies transposed: its stride is from {@code k} to {@code k}
   */
  public record Left(Matrix matrix, boolean turned) {}

  /** Columns of the tiles that sums are kept in. */
  public int columns() {
    return tile.columns();
  }

  /**
   * Makes some rows the columns of a matrix of {@link #columns}. Columns that do not exist hold
   * what the last one does.
   *
   * @param count how many there are, at least one and at most as many as columns
   */
  public void turn(Matrix rows, Operand count, Operand depth, Operand to) {
    PackFunctions pack = new PackFunctions(tile.dtype(), tile.lanes(), tile.columns());
    String turning = pack.turning(out.module());
    out.call("void", turning, rows.address(), rows.stride(), depth, count, to, pack.places());
  }

  /**
   * A product.
   *
   * @param columns how many there are; the rows of {@code b} and {@code c} have room for whole
   *     vectors of them
   * @param adding whether it is added to what {@code c} holds
   */
  public void multiply(
      Left a, Matrix b, Operand depth, Operand rows, long columns, Matrix c, boolean adding) {
    for (long first = 0; first < columns; first += tile.columns()) {
      long rest = Math.min(columns - first, tile.columns());
      int vectors = (int) ((rest + tile.lanes() - 1) / tile.lanes());
      strip(a, new Strip(from(b, first), from(c, first), vectors, adding), depth, rows);
    }
  }

  private Matrix from(Matrix matrix, long column) {
    return new Matrix(
        math.on(matrix.address(), Operand.i64(column * tile.bytes())), matrix.stride());
  }

  /** Some columns of a product. */
  private record Strip(Matrix b, Matrix c, int vectors, boolean adding) {}

  private void strip(Left a, Strip strip, Operand depth, Operand rows) {
    RowTiles tiles = RowTiles.of(rows, tile.rows(), math);
    KernelChoice kernels = new KernelChoice(tile, tiles, out);
    MicroKernel.Kind kind = kind(a, strip);
    Matrix left = a.matrix;
    Operand rowBytes = a.turned ? Operand.i64(tile.bytes()) : left.stride();
    out.loop(
        Operand.i64(0),
        tiles.count(),
        1,
        number -> {
          Operand first = tiles.first(number);
          out.callAddress(
              kernels.function(number, kind),
              out.address("i8", left.address(), math.times(first, rowBytes)),
              left.stride(),
              strip.b.address(),
              strip.b.stride(),
              out.address("i8", strip.c.address(), math.times(first, strip.c.stride())),
              strip.c.stride(),
              depth,
              Operand.number(LlvmTypes.value(tile.dtype()), 0),
              strip.adding ? Operand.TRUE : Operand.FALSE,
              Operand.i64((long) strip.vectors * tile.lanes()),
              MicroKernel.NO_PANEL,
              Operand.i64(0));
          between.run();
        });
  }

  private static MicroKernel.Kind kind(Left a, Strip strip) {
    MicroKernel.Left left = a.turned ? MicroKernel.Left.STEPS : MicroKernel.Left.ROWS;
    Operand stride = a.matrix.stride();
    long rowBytes = a.turned || !stride.isConstant() ? 0 : Arithmetic.value(stride);
    return new MicroKernel.Kind(
        strip.vectors, left, MicroKernel.Right.STEPS, false, 0, rowBytes, MicroKernel.Fetch.MODEL);
  }
}

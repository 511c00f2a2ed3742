package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.runtime.spec.Dim;

/**
 * Writes the computation of one tile: the call of a microkernel, which writes bare sums to where
 * they belong; or to a tile in the first cache, which the epilogue stores from.
 */
final class TileWriter {
  private static final int CACHE_LINE = 64;

  private final Contraction product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final RowTiles tiles;
  private final KernelChoice kernels;
  private final Scope batch;
  private final Steps steps;
  private final AffineIndex plain;
  private final Epilogue epilogue;

  /**
   * Columns of the right factor.
   *
   * @param source their first step
   * @param stride bytes from step to step
   * @param first the first column
   * @param width how many there are
   * @param vectors the vectors that hold them; the last may be more than what is left
   * @param panel where they are brought on the way, or null
   * @param isPanel whether the source is a panel, which holds whole vectors
   */
  record Strip(
      Operand source,
      Operand stride,
      Operand first,
      Operand width,
      int vectors,
      Operand panel,
      boolean isPanel) {}

  TileWriter(
      Contraction product,
      KernelFunction function,
      RegisterTile tile,
      RowTiles tiles,
      Scope batch,
      Steps steps) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.tile = tile;
    this.tiles = tiles;
    this.kernels = new KernelChoice(tile, tiles, out);
    this.batch = batch;
    this.steps = steps;
    this.plain = product.plainStore();
    this.epilogue = new Epilogue(product, function, tile.lanes());
  }

  /** Room for the largest tile, wide ones of few rows too. */
  static long bytes(RegisterTile tile, TargetDescription target) {
    long elements = 0;
    for (int rows = 1; rows <= tile.rows(); rows++) {
      int vectors = Math.max(tile.vectors(), tile.wideVectors(rows, target));
      elements = Math.max(elements, (long) rows * vectors * tile.lanes());
    }
    return (elements * tile.bytes() + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }

  RowTiles tiles() {
    return tiles;
  }

  /** Computes a tile of some rows and columns. */
  void write(Operand number, LeftTiles.Prepared a, Strip strip) {
    Operand whole = Operand.i64((long) strip.vectors * tile.lanes());
    math.when(
        math.isBelow(strip.width, whole),
        () -> write(number, a, strip, true),
        () -> write(number, a, strip, false));
  }

  private void write(Operand number, LeftTiles.Prepared a, Strip strip, boolean masked) {
    if (plain != null) {
      Operand target = output(tiles.first(number), strip.first);
      call(number, a, strip, masked, target, function.dim(rowStride()));
      return;
    }
    if (steps.areLast().equals(Operand.TRUE)) {
      int columns = strip.vectors * tile.lanes();
      Operand stride = Operand.i64((long) columns * tile.bytes());
      call(number, a, strip, masked && !strip.isPanel, sums(), stride);
      store(number, strip, sums(), Operand.i64(columns));
      return;
    }
    Operand columns = function.dim(paddedColumns());
    Operand first = tiles.first(number);
    Operand at = math.add(math.times(first, columns), strip.first);
    Operand sums = out.address(LlvmTypes.value(product.dtype()), sums(), at);
    call(number, a, strip, masked && !strip.isPanel, sums, math.times(columns, tile.bytes()));
    math.when(steps.areLast(), () -> store(number, strip, sums, columns));
  }

  /** Memory for the sums of a tile; of the whole product, if they are not finished at one go. */
  private Operand sums() {
    return function.scratch(Dim.ZERO, room(product, tile, function.target(), steps));
  }

  /** The bytes that a product needs for sums that are not stored yet. */
  static Dim room(Contraction product, RegisterTile tile, TargetDescription target, Steps steps) {
    long bytes = bytes(tile, target);
    if (steps.areLast().equals(Operand.TRUE) || product.plainStore() != null) {
      return Dim.constant(bytes);
    }
    Dim columns = product.columnCount().plus(tile.columns());
    return product.rowCount().times(columns).times(tile.bytes()).plus(bytes);
  }

  private Dim paddedColumns() {
    return product.columnCount().plus(tile.columns());
  }

  private void store(Operand number, Strip strip, Operand sums, Operand columns) {
    epilogue.store(
        batch, tiles.first(number), tiles.rows(number), strip.first, strip.width, sums, columns);
  }

  private void call(
      Operand number,
      LeftTiles.Prepared a,
      Strip strip,
      boolean masked,
      Operand target,
      Operand targetStride) {
    Operand kernel = kernel(number, strip, a.left(), masked);
    String element = LlvmTypes.value(product.dtype());
    out.callAddress(
        kernel,
        a.address(),
        a.stride(),
        strip.source,
        strip.stride,
        target,
        targetStride,
        steps.count(),
        Operand.number(element, product.initial()),
        strip.width,
        strip.panel == null ? MicroKernel.NO_PANEL : strip.panel);
  }

  private Operand kernel(Operand number, Strip strip, MicroKernel.Left left, boolean masked) {
    long panelStride = strip.panel == null ? 0 : (long) tile.columns() * tile.bytes();
    Operand beginning =
        kernels.function(
            number, new KernelChoice.Kind(strip.vectors, left, masked, panelStride, false));
    if (steps.areFirst().equals(Operand.TRUE)) {
      return beginning;
    }
    Operand adding =
        kernels.function(
            number, new KernelChoice.Kind(strip.vectors, left, masked, panelStride, true));
    return out.select(steps.areFirst(), beginning, adding);
  }

  private Dim rowStride() {
    return product.rows().isEmpty()
        ? Dim.ZERO
        : plain.coefficient(product.rows().get(0).name()).times(tile.bytes());
  }

  private Operand output(Operand row, Operand column) {
    Scope scope = batch.with(product.columns().get(0).name(), column, Dim.ONE);
    if (!product.rows().isEmpty()) {
      scope = scope.with(product.rows().get(0).name(), row, Dim.ONE);
    }
    Operand position = new Points(function, math).position(plain, scope);
    String element = LlvmTypes.value(product.dtype());
    return out.address(
        element, function.pointer(product.nest().stores().get(0).buffer()), position);
  }
}

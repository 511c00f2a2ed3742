package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.MicroKernel.Left;
import org.modelc.runtime.spec.Dim;

/** The left factor's tiles of rows: as they lie, or in panels of a worker's memory. */
final class LeftTiles {
  private final Factor factor;
  private final RegisterTile tile;
  private final RowTiles tiles;
  private final Scope batch;
  private final Operand memory;
  private final Operand firstTile;

  /** A tile ready for a microkernel. */
  record Prepared(Left left, Operand address, Operand stride) {}

  LeftTiles(Factor factor, RegisterTile tile, RowTiles tiles, Scope batch) {
    this(factor, tile, tiles, batch, null, null);
  }

  private LeftTiles(
      Factor factor,
      RegisterTile tile,
      RowTiles tiles,
      Scope batch,
      Operand memory,
      Operand firstTile) {
    this.factor = factor;
    this.tile = tile;
    this.tiles = tiles;
    this.batch = batch;
    this.memory = memory;
    this.firstTile = firstTile;
  }

  /** Whether a microkernel can read the factor where it is. */
  boolean canBeReadAsItLies() {
    return factor.isLineByLine() || factor.isStepByStep();
  }

  /** Packs tiles into memory; the result gives them from there. */
  LeftTiles packed(Operand first, Operand end, Operand room) {
    out()
        .loop(
            first,
            end,
            1,
            number ->
                factor.pack(
                    batch,
                    tiles.first(number),
                    tiles.rows(number),
                    tile.lanes(),
                    tile.rowPanel(),
                    panel(room, first, number)));
    return new LeftTiles(factor, tile, tiles, batch, room, first);
  }

  private Operand panel(Operand room, Operand first, Operand number) {
    Operand bytes = math().times(depth(), (long) tile.rowPanel() * tile.bytes());
    return out().address("i8", room, math().times(math().subtract(number, first), bytes));
  }

  private Operand depth() {
    return factor.steps().count();
  }

  private FunctionWriter out() {
    return factor.function().writer();
  }

  private Arithmetic math() {
    return new Arithmetic(out());
  }

  /** Where a tile is. */
  Prepared prepared(Operand number) {
    if (memory != null) {
      long stride = (long) tile.rowPanel() * tile.bytes();
      Operand address = panel(memory, firstTile, number);
      return new Prepared(Left.STEPS, address, Operand.i64(stride));
    }
    boolean rows = factor.isLineByLine();
    Dim stride = rows ? factor.lineStride() : factor.stepStride();
    Operand address = factor.address(batch, tiles.first(number));
    KernelFunction function = factor.function();
    return new Prepared(rows ? Left.ROWS : Left.STEPS, address, function.dim(stride));
  }
}

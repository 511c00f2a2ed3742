package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.MicroKernel.Left;
import org.modelc.runtime.spec.Dim;

/** The left factor's tiles of rows: as they lie, or in panels of a worker's memory. */
final class LeftTiles {
  /** Steps whose cache lines stay in the first cache while all tiles of a block take their part. */
  private static final long SOME_STEPS = 32;

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
    if (factor.isStepByStep()) {
      // Tiles share cache lines and pages of a step.
      out().loop(Operand.i64(0), depth(), SOME_STEPS, from -> pack(first, end, room, from));
    } else {
      out().loop(first, end, 1, number -> pack(factor, number, panel(room, first, number)));
    }
    return new LeftTiles(factor, tile, tiles, batch, room, first);
  }

  private void pack(Operand first, Operand end, Operand room, Operand from) {
    Operand rest = math().subtract(depth(), from);
    Operand count = math().minimum(Operand.i64(SOME_STEPS), rest);
    Factor some = factor.of(factor.steps().part(from, count, math()));
    Operand on = math().times(from, tile.leftStep());
    out()
        .loop(
            first,
            end,
            1,
            number -> pack(some, number, out().address("i8", panel(room, first, number), on)));
  }

  private void pack(Factor some, Operand number, Operand panel) {
    some.pack(batch, tiles.first(number), tiles.rows(number), tile.lanes(), tile.rowPanel(), panel);
  }

  private Operand panel(Operand room, Operand first, Operand number) {
    Operand bytes = math().times(depth(), tile.leftStep());
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
      return new Prepared(
          Left.PANEL, panel(memory, firstTile, number), Operand.i64(tile.leftStep()));
    }
    boolean rows = factor.isLineByLine();
    Dim stride = rows ? factor.lineStride() : factor.stepStride();
    Operand address = factor.address(batch, tiles.first(number));
    KernelFunction function = factor.function();
    return new Prepared(rows ? Left.ROWS : Left.STEPS, address, function.dim(stride));
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.function.BiConsumer;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a product of integers: tasks, blocks of packed rows, panels of columns, tiles. Sums go
 * through the first cache to the nest's own stores.
 */
final class IntegerProductWriter {
  private static final int CACHE_LINE = 64;

  /** What is packed of the left factor at one go, if a tile is not more. */
  private static final long ROW_BLOCK_BYTES = 256 << 10;

  private final IntegerProduct product;
  private final Contraction whole;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final IntegerTile tile;
  private final IntegerRows rows;
  private final Epilogue epilogue;
  private final Operand rowCount;
  private final Operand columnCount;
  private final long rowBytes;
  private final long panelBytes;
  private final long tilesOfBlock;

  IntegerProductWriter(IntegerProduct product, KernelFunction function) {
    this.product = product;
    this.whole = product.whole();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.tile = product.tile();
    this.rows = new IntegerRows(product, function);
    this.epilogue = new Epilogue(whole, function, tile.lanes());
    this.rowCount = function.dim(whole.rowCount());
    this.columnCount = function.dim(whole.columnCount());
    this.rowBytes = tile.rowBytes(product.depth());
    this.panelBytes = tile.panelBytes(product.depth());
    long tileBytes = Math.max(1, rowBytes * tile.rows());
    long most = Math.max(1, ROW_BLOCK_BYTES / tileBytes);
    this.tilesOfBlock = rowCount.isConstant() ? Math.min(most, tilesOf(rowCount)) : most;
  }

  private long tilesOf(Operand rows) {
    return Math.max(1, (Arithmetic.value(rows) + tile.rows() - 1) / tile.rows());
  }

  void write() {
    RowTiles tiles = RowTiles.of(rowCount, tile.rows(), math);
    Operand panels = math.ceiling(columnCount, tile.columns());
    Operand batches = function.dim(Contraction.extent(whole.batch()));
    Operand depth = Operand.i64(product.depth());
    Operand work = math.times(math.times(math.times(rowCount, columnCount), depth), batches);
    TaskGrid grid =
        TaskGrid.of(
            work, batches, tiles.count(), panels, function.first(), function.second(), math);
    out.loop(grid.first(), grid.end(), 1, task -> task(task, grid, tiles, panels));
  }

  /** A part of a product: tiles of rows and panels of columns, ends excluded. */
  private record Block(
      Scope batch,
      RowTiles tiles,
      Operand firstTile,
      Operand endTile,
      Operand firstPanel,
      Operand endPanel) {
    Block with(Operand first, Operand end) {
      return new Block(batch, tiles, first, end, firstPanel, endPanel);
    }

    Block single(RowTiles one) {
      return new Block(batch, one, firstTile, endTile, firstPanel, endPanel);
    }

    Block from(Operand panel) {
      return new Block(batch, tiles, firstTile, endTile, panel, endPanel);
    }
  }

  private void task(Operand task, TaskGrid grid, RowTiles tiles, Operand panels) {
    Operand rowPart = math.remainder(task, grid.rowParts());
    Operand rest = math.divide(task, grid.rowParts());
    Operand columnPart = math.remainder(rest, grid.columnParts());
    Operand number = math.divide(rest, grid.columnParts());
    Scope batch = new Points(function, math).bind(Scope.empty(), whole.batch(), number);
    Operand one = Operand.i64(1);
    Block block =
        new Block(
            batch,
            tiles,
            math.bound(tiles.count(), rowPart, grid.rowParts()),
            math.bound(tiles.count(), math.add(rowPart, one), grid.rowParts()),
            math.bound(panels, columnPart, grid.columnParts()),
            math.bound(panels, math.add(columnPart, one), grid.columnParts()));
    Operand isSingle =
        rowCount.isConstant()
            ? math.isBelow(rowCount, Operand.i64(2))
            : out.compare("icmp eq", rowCount, one);
    math.when(
        isSingle,
        () -> wide(block.single(RowTiles.of(one, tile.rows(), math))),
        () -> overBlocks(block, this::panels));
  }

  private void overBlocks(Block block, BiConsumer<Block, Operand> body) {
    out.loop(
        block.firstTile,
        block.endTile,
        tilesOfBlock,
        first -> {
          Operand end = math.minimum(block.endTile, math.add(first, Operand.i64(tilesOfBlock)));
          packed(block.with(first, end), body);
        });
  }

  // Memory of a worker: the sums of a tile, packed rows, a packed panel.

  private long sumBytes() {
    return (long) Math.max(tile.rows(), tile.together()) * tile.columns() * Integer.BYTES;
  }

  private long leftBytes() {
    long bytes = blockBytes() + rows.beyond();
    return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }

  private long blockBytes() {
    return rowBytes * tile.rows() * tilesOfBlock;
  }

  private Operand memory(long offset, long bytes) {
    return function.scratch(Dim.constant(offset), Dim.constant(bytes));
  }

  private void packed(Block block, BiConsumer<Block, Operand> body) {
    Operand memory = memory(sumBytes(), leftBytes());
    Operand end = block.tiles.first(block.endTile);
    Operand behind = math.on(memory, Operand.i64(blockBytes()));
    rows.pack(block.batch, block.tiles.first(block.firstTile), end, memory, behind);
    body.accept(block, memory);
  }

  // Panels.

  private void panels(Block block, Operand left) {
    out.loop(
        block.firstPanel,
        block.endPanel,
        1,
        panel -> {
          Operand right = right(block, panel);
          out.loop(
              block.firstTile, block.endTile, 1, number -> tile(block, number, left, panel, right));
        });
  }

  /** One row reads several panels at a time: sums of one alone would wait for each other. */
  private void wide(Block block) {
    packed(
        block,
        (ready, left) -> {
          Block rest = ready;
          for (int count = product.panels() == null ? 1 : tile.together(); count > 1; count /= 2) {
            rest = wide(rest, left, count);
          }
          panels(rest, left);
        });
  }

  private Block wide(Block block, Operand left, int together) {
    Operand all = math.subtract(block.endPanel, block.firstPanel);
    Operand count = math.divide(all, Operand.i64(together));
    Operand end = math.add(block.firstPanel, math.times(count, together));
    out.loop(
        block.firstPanel,
        end,
        together,
        panel -> tile(block, block.firstTile, left, panel, right(block, panel), together));
    return block.from(end);
  }

  private Operand right(Block block, Operand panel) {
    if (product.panels() != null) {
      return math.on(function.pointer(product.panels().buffer()), math.times(panel, panelBytes));
    }
    Operand memory = memory(sumBytes() + leftBytes(), panelBytes);
    Operand column = math.times(panel, tile.columns());
    new IntegerColumns(product, function)
        .pack(block.batch, column, math.subtract(columnCount, column), memory);
    return memory;
  }

  // Tiles.

  private void tile(Block block, Operand number, Operand left, Operand panel, Operand right) {
    tile(block, number, left, panel, right, 1);
  }

  private void tile(
      Block block, Operand number, Operand left, Operand panel, Operand right, int together) {
    Operand sums = memory(0, sumBytes());
    long columns = (long) together * tile.columns();
    Operand row = block.tiles.first(number);
    Operand before = math.subtract(row, block.tiles.first(block.firstTile));
    out.callAddress(
        kernel(block.tiles, number, together),
        math.on(left, math.times(before, rowBytes)),
        right,
        sums,
        Operand.i64(columns * Integer.BYTES),
        Operand.i64(tile.groups(product.depth())));
    Operand column = math.times(panel, tile.columns());
    Operand width = math.minimum(Operand.i64(columns), math.subtract(columnCount, column));
    Operand rowsOfTile = block.tiles.rows(number);
    int vectors = together * IntegerTile.VECTORS;
    epilogue.store(
        block.batch, row, rowsOfTile, column, width, vectors, sums, Operand.i64(columns));
  }

  private Operand kernel(RowTiles tiles, Operand number, int together) {
    long stride = together == 1 ? 0 : panelBytes;
    return tiles.function(
        number,
        tile.rows(),
        rows -> new IntegerKernel(tile, rows, together, stride, rowBytes).function(out.module()));
  }
}

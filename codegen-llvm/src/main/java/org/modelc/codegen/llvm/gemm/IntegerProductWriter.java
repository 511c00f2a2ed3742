package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
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
    Runnable tasks =
        () -> out.loop(grid.first(), grid.end(), 1, task -> task(task, grid, tiles, panels));
    if (!tile.arithmetic().hasTiles()) {
      tasks.run();
      return;
    }
    math.when(
        math.isBelow(grid.first(), grid.end()),
        () -> {
          TileKernel.configure(out);
          tasks.run();
          TileKernel.release(out);
        });
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
    math.when(
        math.isBelow(rowCount, Operand.i64(tile.fewRows() + 1)),
        () -> wide(block.single(fewRows())),
        () -> overBlocks(block, this::panels));
  }

  private RowTiles fewRows() {
    return RowTiles.one(tile.fewRows() == 1 ? Operand.i64(1) : rowCount, math);
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
    int rows = Math.max(tile.rows(), tile.fewRows() * tile.together());
    return (long) rows * tile.columns() * Integer.BYTES;
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
    Operand first = block.tiles.first(block.firstTile);
    Operand end = block.tiles.first(block.endTile);
    Operand behind = math.on(memory, Operand.i64(blockBytes()));
    if (!rows.lieAsTilesReadThem()) {
      rows.pack(block.batch, first, end, memory, behind);
      body.accept(block, memory);
      return;
    }
    // Tiles read whole rows: the last ones are packed, so that nothing is read behind them.
    Operand last = block.tiles.first(math.subtract(block.endTile, Operand.i64(1)));
    math.when(
        math.isBelow(rowCount, math.add(last, Operand.i64(tile.rows()))),
        () -> {
          Operand some = math.subtract(rowCount, Operand.i64(tile.rows() - 1));
          Operand from = math.maximum(first, some);
          Operand on = math.times(math.subtract(from, first), rowBytes);
          rows.pack(block.batch, from, end, math.on(memory, on), behind);
        });
    body.accept(block, memory);
  }

  /** Where a tile's rows are: packed ones, or as they lie if there are enough of them. */
  private Operand rowsOf(Block block, Operand row, Operand packed) {
    Operand before = math.subtract(row, block.tiles.first(block.firstTile));
    Operand ready = math.on(packed, math.times(before, rowBytes));
    if (!rows.lieAsTilesReadThem()) {
      return ready;
    }
    Operand end = math.add(row, Operand.i64(tile.rows()));
    return math.select(math.isBelow(rowCount, end), ready, rows.source(block.batch, row));
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

  /** Few rows read several panels at a time: sums of one alone would wait for each other. */
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
    List<Operand> arguments = new ArrayList<>();
    arguments.add(rowsOf(block, row, left));
    arguments.add(right);
    arguments.add(sums);
    arguments.add(Operand.i64(columns * Integer.BYTES));
    arguments.add(Operand.i64(tile.groups(product.depth())));
    Operand turn = math.subtract(number, block.firstTile);
    arguments.add(
        tile.arithmetic().hasTiles()
            ? TileKernel.share(math, turn)
            : IntegerKernel.share(tile, math, turn));
    out.callAddress(kernel(block.tiles, number, together), arguments.toArray(Operand[]::new));
    Operand column = math.times(panel, tile.columns());
    Operand width = math.minimum(Operand.i64(columns), math.subtract(columnCount, column));
    Operand rowsOfTile = block.tiles.rows(number);
    int vectors = together * IntegerTile.VECTORS;
    epilogue.store(
        block.batch, row, rowsOfTile, column, width, vectors, sums, Operand.i64(columns));
  }

  private Operand kernel(RowTiles tiles, Operand number, int together) {
    long stride = together == 1 ? 0 : panelBytes;
    if (tile.arithmetic().hasTiles()) {
      IntFunction<String> kernels = rows -> tileKernel(rows, together, stride);
      return together > 1
          ? new Operand("ptr", "@" + kernels.apply(tile.fewRows()))
          : tiles.function(number, tile.rows(), kernels);
    }
    long ahead = product.panels() == null || together > 1 ? 0 : panelBytes;
    return tiles.function(
        number,
        tile.rows(),
        rows ->
            new IntegerKernel(tile, rows, together, stride, rowBytes, ahead)
                .function(out.module()));
  }

  private String tileKernel(int rows, int together, long stride) {
    int rowTiles = (rows + TileKernel.ROWS - 1) / TileKernel.ROWS;
    return new TileKernel(tile, rowTiles, together, stride, rowBytes, panelBytes)
        .function(out.module());
  }
}

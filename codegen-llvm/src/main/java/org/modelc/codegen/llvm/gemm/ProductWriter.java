package org.modelc.codegen.llvm.gemm;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a product: tasks, blocks of rows that stay in the second cache, panels of columns, tiles.
 * The right factor is read as it lies where few rows use it. Else its columns are brought into a
 * panel: by the first tile of a block while it computes, or beforehand if they must be turned.
 */
final class ProductWriter {
  /** Tiles of a block from which on a product of any number of rows has one block, most often. */
  private static final long ENOUGH_TILES = 16;

  private static final int CACHE_LINE = 64;
  private static final long RIGHT_BLOCK_BYTES = 4 << 20;
  private static final long MANY_PANELS = 8;

  private final Contraction product;
  private final ProductSchedule schedule;
  private final ProductCosts costs;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final Operand rowCount;
  private final Operand columnCount;
  private final Operand depth;
  private final RowTiles tiles;
  private final Steps whole;
  private final PackedPanels packedBefore;

  /** Steps that are added at one go. */
  private final Dim blockDepth;

  private final PanelLoops loops;

  /** Bytes of a worker's memory before panels. */
  private final Dim room;

  /**
   * @param schedule of the product on the function's target
   */
  ProductWriter(Contraction product, KernelFunction function, ProductSchedule schedule) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.schedule = schedule;
    this.costs = ProductCosts.of(product, function.target());
    this.tile = costs.tile().withRows(schedule.value(ProductKnob.TILE_ROWS));
    this.rowCount = function.dim(product.rowCount());
    this.columnCount = function.dim(product.columnCount());
    this.depth = function.dim(product.depth());
    this.tiles = RowTiles.of(rowCount, tile.rows(), math);
    this.whole = Steps.all(depth);
    this.packedBefore = product.rightPanels();
    this.blockDepth = costs.blockDepth();
    long part = schedule.value(ProductKnob.PART_STEPS);
    this.loops = new PanelLoops(function, tile, columnCount, blockDepth, part);
    Steps some = costs.isDeep() ? new Steps(depth, depth, Operand.FALSE, Operand.FALSE) : whole;
    long slots = loops.areCut() && product.plainStore() == null ? tilesOfBlock() : 1;
    Dim sums = TileWriter.room(product, tile, function.target(), some, slots);
    this.room = sums.isStatic() ? line(sums) : sums.plus(CACHE_LINE - 1);
  }

  void write() {
    Operand panels = math.ceiling(columnCount, tile.columns());
    Operand batches = function.dim(Contraction.extent(product.batch()));
    Operand work = math.times(math.times(math.times(rowCount, columnCount), depth), batches);
    TaskGrid grid =
        TaskGrid.of(
            work, batches, tiles.count(), panels, function.first(), function.second(), math);
    out.loop(grid.first(), grid.end(), 1, task -> task(task, grid, panels));
  }

  private static Dim line(Dim bytes) {
    return Dim.constant((bytes.value() + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
  }

  private Factor left(Steps steps) {
    return new Factor(
        product.left(), product.rows(), product.nest().reduce(), steps, product, function);
  }

  private Factor right(Steps steps) {
    return new Factor(
        product.right(), product.columns(), product.nest().reduce(), steps, product, function);
  }

  /** A part of a product: tiles of rows, panels of columns and steps, ends excluded. */
  private record Block(
      Scope batch,
      Operand firstTile,
      Operand endTile,
      Operand firstPanel,
      Operand endPanel,
      Steps steps,
      Factor left,
      Factor right) {
    PanelLoops.Columns columns() {
      return new PanelLoops.Columns(right, batch, steps.count());
    }
  }

  private void task(Operand task, TaskGrid grid, Operand panels) {
    Operand rowPart = math.remainder(task, grid.rowParts());
    Operand rest = math.divide(task, grid.rowParts());
    Operand columnPart = math.remainder(rest, grid.columnParts());
    Operand number = math.divide(rest, grid.columnParts());
    Scope batch = new Points(function, math).bind(Scope.empty(), product.batch(), number);
    Operand nextRows = math.add(rowPart, Operand.i64(1));
    Operand nextColumns = math.add(columnPart, Operand.i64(1));
    Operand firstTile = math.bound(tiles.count(), rowPart, grid.rowParts());
    Operand endTile = math.bound(tiles.count(), nextRows, grid.rowParts());
    Operand firstPanel = math.bound(panels, columnPart, grid.columnParts());
    Operand endPanel = math.bound(panels, nextColumns, grid.columnParts());
    overDepth(
        steps ->
            block(
                new Block(
                    batch,
                    firstTile,
                    endTile,
                    firstPanel,
                    endPanel,
                    steps,
                    left(steps),
                    right(steps))));
  }

  private void overDepth(Consumer<Steps> body) {
    if (!costs.isDeep()) {
      body.accept(whole);
      return;
    }
    // Once also where there are no steps: sums are stored then, too.
    out.loop(
        Operand.i64(0),
        math.maximum(Operand.i64(1), depth),
        ProductCosts.DEPTH_BLOCK,
        from -> {
          Operand count =
              math.minimum(Operand.i64(ProductCosts.DEPTH_BLOCK), math.subtract(depth, from));
          Operand first = out.compare("icmp eq", from, Operand.i64(0));
          Operand last = out.compare("icmp eq", math.add(from, count), depth);
          body.accept(new Steps(from, count, first, last));
        });
  }

  private void block(Block block) {
    if (packedBefore != null) {
      packedBefore(block);
    } else if (!block.right.isStepByStep()) {
      packed(block);
    } else {
      math.when(
          math.isBelow(Operand.i64(schedule.value(ProductKnob.DIRECT_TILES)), tiles.count()),
          () -> packed(block),
          () -> direct(block));
    }
  }

  // Blocks of rows.

  private void overBlocks(Block block, Consumer<PanelLoops.Tiles> body) {
    overRange(
        block.firstTile,
        block.endTile,
        tilesOfBlock(),
        (first, end) -> body.accept(ready(block, tiles, first, end)));
  }

  /** Parts of a range; one, where it is known that there are no more. */
  private void overRange(Operand from, Operand to, long most, BiConsumer<Operand, Operand> body) {
    Operand count = Operand.i64(most);
    if (mayNotExceed(to, from, most)) {
      body.accept(from, to);
      return;
    }
    out.loop(from, to, most, first -> body.accept(first, math.minimum(to, math.add(first, count))));
  }

  private static boolean mayNotExceed(Operand to, Operand from, long most) {
    boolean known = to.isConstant() && from.isConstant();
    return known && Arithmetic.value(to) - Arithmetic.value(from) <= most;
  }

  private PanelLoops.Tiles ready(Block block, RowTiles rows, Operand first, Operand end) {
    TileWriter writer =
        new TileWriter(product, function, tile, rows, block.batch, block.steps, room, fetch());
    LeftTiles side = new LeftTiles(block.left, tile, rows, block.batch);
    if (side.canBeReadAsItLies() && !packsLeft(rows)) {
      return new PanelLoops.Tiles(writer, side, first, end);
    }
    Dim bytes = blockDepth.times(tile.leftStep() * tilesOfBlock());
    return new PanelLoops.Tiles(
        writer, side.packed(first, end, function.scratch(room, bytes)), first, end);
  }

  private boolean packsLeft(RowTiles rows) {
    return schedule.value(ProductKnob.PACK_LEFT) == 1 && widest(rows) == tile.vectors();
  }

  private long tilesOfBlock() {
    return schedule.value(ProductKnob.BLOCK_TILES);
  }

  private MicroKernel.Fetch fetch() {
    return new MicroKernel.Fetch(
        schedule.value(ProductKnob.FETCH_LINES), schedule.value(ProductKnob.FETCH_STEPS));
  }

  private Dim leftBytes() {
    return blockDepth.times(tile.leftStep() * tilesOfBlock());
  }

  // The right factor as it lies.

  private void direct(Block block) {
    Operand one = Operand.i64(1);
    if (tiles.count().is(1)) {
      strips(block, ready(block, tiles, block.firstTile, block.endTile));
    } else if (rowCount.isConstant()) {
      overBlocks(block, rows -> strips(block, rows));
    } else {
      RowTiles single = RowTiles.of(one, tile.rows(), math);
      math.when(
          out.compare("icmp eq", rowCount, one),
          () -> strips(block, ready(block, single, block.firstTile, block.endTile)),
          () -> overBlocks(block, rows -> strips(block, rows)));
    }
  }

  private int widest(RowTiles rows) {
    Operand base = rows.base();
    return base.isConstant() && rows.count().is(1)
        ? tile.wideVectors((int) Arithmetic.value(base), function.target())
        : tile.vectors();
  }

  private void strips(Block block, PanelLoops.Tiles rows) {
    Operand column = math.times(block.firstPanel, tile.columns());
    Operand end = math.minimum(columnCount, math.times(block.endPanel, tile.columns()));
    int widest = widest(rows.writer().tiles());
    for (int vectors = widest; vectors >= tile.vectors(); vectors = narrower(vectors)) {
      column = strips(block, rows, column, end, vectors);
    }
    Operand last = column;
    Operand rest = math.subtract(end, last);
    if (columnCount.isConstant() && loops.partOfPanel() == 0) {
      return;
    }
    math.when(
        math.isBelow(Operand.i64(0), rest),
        () -> {
          if (columnCount.isConstant()) {
            strip(
                block,
                rows,
                last,
                Operand.i64(loops.partOfPanel()),
                loops.vectors(loops.partOfPanel()));
          } else {
            loops.forVectors(rest, 1, vectors -> strip(block, rows, last, rest, vectors));
          }
        });
  }

  private int narrower(int vectors) {
    return vectors == tile.vectors() ? 0 : Math.max(tile.vectors(), vectors / 4);
  }

  /** Strips of whole vectors; gives the column after the last. */
  private Operand strips(
      Block block, PanelLoops.Tiles rows, Operand column, Operand end, int vectors) {
    long width = (long) vectors * tile.lanes();
    Operand count = math.divide(math.subtract(end, column), Operand.i64(width));
    if (!count.is(0)) {
      out.loop(
          Operand.i64(0),
          count,
          1,
          number -> {
            Operand first = math.add(column, math.times(number, width));
            strip(block, rows, first, Operand.i64(width), vectors);
          });
    }
    return math.add(column, math.times(count, width));
  }

  private void strip(
      Block block, PanelLoops.Tiles rows, Operand first, Operand width, int vectors) {
    Operand source = block.right.address(block.batch, first);
    Operand stride = function.dim(block.right.stepStride());
    TileWriter.Strip strip =
        new TileWriter.Strip(source, stride, first, width, vectors, null, false, 0);
    loops.overTiles(rows, rows.first(), strip);
  }

  // The right factor in panels that were packed beforehand.

  private void packedBefore(Block block) {
    Operand one = Operand.i64(1);
    math.when(
        rowCount.isConstant()
            ? math.isBelow(rowCount, Operand.i64(2))
            : out.compare("icmp eq", rowCount, one),
        () -> {
          RowTiles single = RowTiles.of(one, tile.rows(), math);
          loops.wide(
              block.columns(),
              ready(block, single, block.firstTile, block.endTile),
              panelsBefore(block));
        },
        () ->
            overBlocks(
                block,
                rows -> loops.panels(block.columns(), rows, panelsBefore(block), Operand.FALSE)));
  }

  /** The steps of the first panel that are looked at now. */
  private Operand panelMemory(Block block) {
    long stepBytes = tile.rightStep();
    Operand from = math.times(block.steps.from(), stepBytes);
    return math.on(function.pointer(packedBefore.buffer()), from);
  }

  private PanelLoops.Panels panelsBefore(Block block) {
    Operand stride = Operand.i64(packedBefore.bytes());
    Operand first = math.on(panelMemory(block), math.times(block.firstPanel, stride));
    return new PanelLoops.Panels(block.firstPanel, block.endPanel, first, stride);
  }

  // The right factor in panels.

  private void packed(Block block) {
    Dim panelBytes = blockDepth.times(tile.rightStep());
    if (!keepsPanels()) {
      Operand memory = function.scratch(room.plus(leftBytes()), panelBytes);
      PanelLoops.Panels panels =
          new PanelLoops.Panels(block.firstPanel, block.endPanel, memory, Operand.i64(0));
      overBlocks(block, rows -> loops.panels(block.columns(), rows, panels, Operand.TRUE));
      return;
    }
    long most = Math.max(MANY_PANELS, RIGHT_BLOCK_BYTES / panelBytes.value());
    Dim bytes = panelBytes.times(columnCount.isConstant() ? Math.min(most, panels()) : most);
    Operand memory = function.scratch(room.plus(leftBytes()), bytes);
    overRange(
        block.firstPanel,
        block.endPanel,
        most,
        (first, end) -> {
          PanelLoops.Panels panels =
              new PanelLoops.Panels(first, end, memory, Operand.i64(panelBytes.value()));
          overBlocks(
              block,
              rows -> {
                Operand isFirst = out.compare("icmp eq", rows.first(), block.firstTile);
                loops.panels(block.columns(), rows, panels, isFirst);
              });
        });
  }

  private long panels() {
    return Arithmetic.value(math.ceiling(columnCount, tile.columns()));
  }

  /**
   * Whether panels stay for all blocks of rows, if there are several: bringing columns into a panel
   * anew for each would cost too much. One panel's memory is nearer than that of many, so a block
   * has it where it is not known that there are others, or likely.
   */
  private boolean keepsPanels() {
    boolean several =
        rowCount.isConstant()
            ? Arithmetic.value(tiles.count()) > tilesOfBlock()
            : tilesOfBlock() < ENOUGH_TILES;
    return blockDepth.isStatic() && several;
  }
}

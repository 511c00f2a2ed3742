package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a product: tasks, blocks that stay in a cache, panels, tiles. The right factor is read as
 * it lies where few rows use it, else each task brings its columns into panels first; the left one
 * is packed where its rows are long.
 */
final class ProductWriter {
  /** Rows from which on packing the right factor costs less than it saves. */
  static final long PACKED_ROWS = 64;

  /** Steps up to which the left factor's rows stay in the first cache as they lie. */
  private static final long SHORT_DEPTH = 512;

  private static final long RIGHT_BLOCK_BYTES = 2 << 20;
  private static final long UNKNOWN_DEPTH_PANELS = 16;
  private static final long UNKNOWN_DEPTH_TILES = 16;
  private static final int WHOLE_LINE = 64;

  private final Contraction product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final Factor left;
  private final Factor right;
  private final Operand rowCount;
  private final Operand columnCount;
  private final Operand depth;
  private final RowTiles tiles;
  private final KernelChoice kernels;
  private final AffineIndex plain;
  private final Epilogue epilogue;
  private final Operand sums;

  ProductWriter(Contraction product, KernelFunction function) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.tile = RegisterTile.of(function.target(), product.dtype());
    this.left =
        new Factor(product.left(), product.rows(), product.nest().reduce(), product, function);
    this.right =
        new Factor(product.right(), product.columns(), product.nest().reduce(), product, function);
    this.rowCount = function.dim(product.rowCount());
    this.columnCount = function.dim(product.columnCount());
    this.depth = function.dim(product.depth());
    this.tiles = RowTiles.of(rowCount, tile.rows(), math);
    this.kernels = new KernelChoice(tile, tiles, out);
    this.plain = product.plainStore();
    this.epilogue = new Epilogue(product, function, tile.lanes());
    this.sums = function.scratch(Dim.ZERO, Dim.constant(tileBytes()));
  }

  /** Room for the largest tile, wide ones of few rows too. */
  private long tileBytes() {
    long elements = 0;
    for (int rows = 1; rows <= tile.rows(); rows++) {
      int vectors = Math.max(tile.vectors(), tile.wideVectors(rows, function.target()));
      elements = Math.max(elements, (long) rows * vectors * tile.lanes());
    }
    return (elements * tile.bytes() + WHOLE_LINE - 1) / WHOLE_LINE * WHOLE_LINE;
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

  private void task(Operand task, TaskGrid grid, Operand panels) {
    Operand rowPart = math.remainder(task, grid.rowParts());
    Operand rest = math.divide(task, grid.rowParts());
    Operand columnPart = math.remainder(rest, grid.columnParts());
    Operand number = math.divide(rest, grid.columnParts());
    Scope batch = new Points(function, math).bind(Scope.empty(), product.batch(), number);
    Operand one = Operand.i64(1);
    Block block =
        new Block(
            batch,
            math.bound(tiles.count(), rowPart, grid.rowParts()),
            math.bound(tiles.count(), math.add(rowPart, one), grid.rowParts()),
            math.bound(panels, columnPart, grid.columnParts()),
            math.bound(panels, math.add(columnPart, one), grid.columnParts()));
    if (!right.isStepByStep()) {
      packed(block);
    } else {
      math.when(
          math.isBelow(rowCount, Operand.i64(PACKED_ROWS)),
          () -> direct(block),
          () -> packed(block));
    }
  }

  /** A part of a product: tiles of rows and panels of columns, ends excluded. */
  private record Block(
      Scope batch, Operand firstTile, Operand endTile, Operand firstPanel, Operand endPanel) {}

  // The right factor as it lies.

  private void direct(Block block) {
    int widest = tile.vectors();
    if (rowCount.isConstant()) {
      int rows = (int) Arithmetic.value(tiles.rows(Operand.i64(0)));
      widest = Math.max(widest, tile.wideVectors(rows, function.target()));
    }
    int wide = widest;
    overBlocks(
        block.firstTile,
        block.endTile,
        Operand.i64(tilesOfBlock()),
        (first, end) -> {
          LeftTiles side = leftTiles(block, first, end, Dim.constant(tileBytes()));
          strips(block, new Tiles(side, first, end), wide);
        });
  }

  /** Tiles of rows, the end excluded. */
  private record Tiles(LeftTiles side, Operand first, Operand end) {}

  /** A strip of columns. */
  private record Strip(Operand first, Operand width, int vectors, boolean masked) {}

  private void strips(Block block, Tiles rows, int widest) {
    Operand column = math.times(block.firstPanel, tile.columns());
    Operand end = math.minimum(columnCount, math.times(block.endPanel, tile.columns()));
    for (int vectors = widest; vectors >= tile.vectors(); vectors = narrower(vectors)) {
      column = strips(block, rows, column, end, vectors);
    }
    Operand last = column;
    Operand rest = math.subtract(end, last);
    math.when(
        math.isBelow(Operand.i64(0), rest),
        () ->
            forPartOfPanel(
                rest, vectors -> direct(block, rows, new Strip(last, rest, vectors, true))));
  }

  private int narrower(int vectors) {
    return vectors == tile.vectors() ? 0 : Math.max(tile.vectors(), vectors / 4);
  }

  /** Strips of whole vectors; gives the column after the last. */
  private Operand strips(Block block, Tiles rows, Operand column, Operand end, int vectors) {
    long width = (long) vectors * tile.lanes();
    Operand count = math.divide(math.subtract(end, column), Operand.i64(width));
    if (!count.is(0)) {
      out.loop(
          Operand.i64(0),
          count,
          1,
          number -> {
            Operand first = math.add(column, math.times(number, width));
            direct(block, rows, new Strip(first, Operand.i64(width), vectors, false));
          });
    }
    return math.add(column, math.times(count, width));
  }

  private void direct(Block block, Tiles rows, Strip strip) {
    Operand source = right.address(block.batch, strip.first);
    overTiles(block, rows, source, function.dim(right.stepStride()), strip);
  }

  private void overTiles(Block block, Tiles rows, Operand source, Operand stride, Strip strip) {
    out.loop(
        rows.first,
        rows.end,
        1,
        number -> product(block, number, rows.side.prepared(number), source, stride, strip));
  }

  // The right factor in panels.

  private void packed(Block block) {
    long panelBytes = (long) tile.columns() * tile.bytes();
    Operand most = Operand.i64(panelsOfBlock());
    Dim rightBytes = product.depth().times(panelBytes * panelsOfBlock());
    Dim room = Dim.constant(tileBytes());
    Operand memory = function.scratch(room, rightBytes);
    Operand step = math.times(depth, panelBytes);
    overBlocks(
        block.firstPanel,
        block.endPanel,
        most,
        (from, to) -> {
          out.loop(
              from, to, 1, panel -> packRight(block, panel, panelAt(memory, panel, from, step)));
          overBlocks(
              block.firstTile,
              block.endTile,
              Operand.i64(tilesOfBlock()),
              (firstTile, endTile) -> {
                Tiles rows =
                    new Tiles(
                        leftTiles(block, firstTile, endTile, room.plus(rightBytes)),
                        firstTile,
                        endTile);
                out.loop(
                    from,
                    to,
                    1,
                    panel -> panel(block, panel, panelAt(memory, panel, from, step), rows));
              });
        });
  }

  private interface Range {
    void accept(Operand from, Operand to);
  }

  private void overBlocks(Operand from, Operand to, Operand most, Range body) {
    if (math.isBelow(math.subtract(to, from), math.add(most, Operand.i64(1)))
        .equals(Operand.TRUE)) {
      body.accept(from, to);
      return;
    }
    out.loop(
        from,
        to,
        Arithmetic.value(most),
        start -> body.accept(start, math.minimum(to, math.add(start, most))));
  }

  private Operand panelAt(Operand memory, Operand panel, Operand first, Operand step) {
    return out.address("i8", memory, math.times(math.subtract(panel, first), step));
  }

  private void packRight(Block block, Operand panel, Operand memory) {
    Operand first = math.times(panel, tile.columns());
    Operand width = math.minimum(Operand.i64(tile.columns()), math.subtract(columnCount, first));
    right.pack(block.batch, first, width, tile.lanes(), tile.columns(), memory);
  }

  private void panel(Block block, Operand panel, Operand memory, Tiles rows) {
    Operand column = math.times(panel, tile.columns());
    Operand width = math.minimum(Operand.i64(tile.columns()), math.subtract(columnCount, column));
    Operand stride = Operand.i64((long) tile.columns() * tile.bytes());
    Runnable whole =
        () ->
            overTiles(block, rows, memory, stride, new Strip(column, width, tile.vectors(), false));
    boolean wholeColumns =
        columnCount.isConstant() && Arithmetic.value(columnCount) % tile.columns() == 0;
    if (wholeColumns || plain == null) {
      whole.run();
      return;
    }
    math.when(
        math.isBelow(width, Operand.i64(tile.columns())),
        () ->
            forPartOfPanel(
                width,
                vectors ->
                    overTiles(
                        block, rows, memory, stride, new Strip(column, width, vectors, true))),
        whole);
  }

  /** Writes code for as many vectors as hold the columns of a panel that is not whole. */
  private void forPartOfPanel(Operand width, java.util.function.IntConsumer body) {
    forVectors(width, 1, body);
  }

  private void forVectors(Operand width, int vectors, java.util.function.IntConsumer body) {
    if (vectors == tile.vectors()) {
      body.accept(vectors);
      return;
    }
    Operand more = math.isBelow(Operand.i64((long) vectors * tile.lanes()), width);
    math.when(more, () -> forVectors(width, vectors + 1, body), () -> body.accept(vectors));
  }

  private LeftTiles leftTiles(Block block, Operand first, Operand end, Dim room) {
    LeftTiles side = new LeftTiles(left, tile, tiles, block.batch);
    boolean shortRows = !product.depth().isStatic() || product.depth().value() <= SHORT_DEPTH;
    if (side.canBeReadAsItLies() && (shortRows || left.isStepByStep())) {
      return side;
    }
    long panelBytes = (long) tile.rowPanel() * tile.bytes();
    Dim bytes = product.depth().times(panelBytes * tilesOfBlock());
    return side.packed(first, end, function.scratch(room, bytes));
  }

  private long panelsOfBlock() {
    if (!product.depth().isStatic()) {
      return UNKNOWN_DEPTH_PANELS;
    }
    long panelBytes = Math.max(1, product.depth().value()) * tile.columns() * tile.bytes();
    long panels = Math.max(4, RIGHT_BLOCK_BYTES / panelBytes / 4 * 4);
    Dim columns = product.columnCount();
    return columns.isStatic()
        ? Math.min(panels, (columns.value() / tile.columns() + 4) / 4 * 4)
        : panels;
  }

  private long tilesOfBlock() {
    if (!product.depth().isStatic()) {
      return UNKNOWN_DEPTH_TILES;
    }
    long panelBytes = Math.max(1, product.depth().value()) * tile.rowPanel() * tile.bytes();
    return Math.max(2, function.target().secondCacheBytes() / 2 / panelBytes);
  }

  // One tile.

  private void product(
      Block block,
      Operand number,
      LeftTiles.Prepared a,
      Operand source,
      Operand stride,
      Strip strip) {
    Operand first = tiles.first(number);
    Operand target = sums;
    Operand targetStride = Operand.i64((long) strip.vectors * tile.lanes() * tile.bytes());
    if (plain != null) {
      target = output(block, first, strip.first);
      targetStride = function.dim(rowStride());
    }
    Operand kernel =
        kernels.function(number, strip.vectors, a.left(), a.knownStride(), strip.masked);
    String element = LlvmTypes.value(product.dtype());
    out.callAddress(
        kernel,
        a.address(),
        a.stride(),
        source,
        stride,
        target,
        targetStride,
        depth,
        Operand.number(element, product.initial()),
        strip.width);
    if (plain == null) {
      Operand rows = tiles.rows(number);
      int columns = strip.vectors * tile.lanes();
      epilogue.store(block.batch, first, rows, strip.first, strip.width, sums, columns);
    }
  }

  private Dim rowStride() {
    return product.rows().isEmpty()
        ? Dim.ZERO
        : plain.coefficient(product.rows().get(0).name()).times(tile.bytes());
  }

  private Operand output(Block block, Operand row, Operand column) {
    Scope scope = block.batch.with(product.columns().get(0).name(), column, Dim.ONE);
    if (!product.rows().isEmpty()) {
      scope = scope.with(product.rows().get(0).name(), row, Dim.ONE);
    }
    Operand position = new Points(function, math).position(plain, scope);
    String element = LlvmTypes.value(product.dtype());
    return out.address(
        element, function.pointer(product.nest().stores().get(0).buffer()), position);
  }
}

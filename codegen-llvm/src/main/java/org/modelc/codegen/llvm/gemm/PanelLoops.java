package org.modelc.codegen.llvm.gemm;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.Dim;

/**
 * Loops over panels of columns and the tiles of a block of rows. A long panel is read part by part,
 * each for all tiles, so that a part stays in the first cache.
 */
final class PanelLoops {
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final RegisterTile tile;
  private final Operand columnCount;

  /** The depth of panels, which are read in parts if it is long. */
  private final Dim depth;

  /** The most steps of a part. */
  private final long longestPart;

  PanelLoops(
      KernelFunction function,
      RegisterTile tile,
      Operand columnCount,
      Dim depth,
      long longestPart) {
    this.longestPart = longestPart;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.tile = tile;
    this.columnCount = columnCount;
    this.depth = depth;
  }

  /** What panels are made from: a factor and how many of its steps. */
  record Columns(Factor right, Scope batch, Operand depth) {}

  /** Tiles of rows that are ready, the end excluded. */
  record Tiles(TileWriter writer, LeftTiles side, Operand first, Operand end) {}

  /** Columns of the last panel, if they are known and it is not whole; else 0. */
  long partOfPanel() {
    return Arithmetic.value(columnCount) % tile.columns();
  }

  int vectors(long columns) {
    return (int) ((columns + tile.lanes() - 1) / tile.lanes());
  }

  /** Computes all tiles of some columns at one go. */
  void overTiles(Tiles rows, Operand first, TileWriter.Strip strip) {
    out.loop(
        first, rows.end, 1, number -> rows.writer.write(number, rows.side.prepared(number), strip));
  }

  /** One row reads several panels at a time: sums of one alone would wait for each other. */
  void wide(Columns columns, Tiles rows, Panels panels) {
    int most = tile.wideVectors(1, function.target()) / tile.vectors();
    Operand whole = math.divide(columnCount, Operand.i64(tile.columns()));
    Operand end = math.minimum(panels.end, whole);
    Panels left = panels;
    for (int count = most; count > 1; count /= 2) {
      left = wide(rows, left, end, count);
    }
    panels(columns, rows, left, Operand.FALSE);
  }

  /** Reads so many panels at a time, as long as there are; gives the others. */
  private Panels wide(Tiles rows, Panels panels, Operand end, int together) {
    Operand stride = Operand.i64(tile.rightStep());
    Operand whole = math.subtract(math.maximum(panels.first, end), panels.first);
    Operand count = math.divide(whole, Operand.i64(together));
    out.loop(
        Operand.i64(0),
        count,
        1,
        number -> {
          Operand on = math.times(number, together);
          Operand source = math.on(panels.memory, math.times(on, panels.stride));
          Operand column = math.times(math.add(panels.first, on), tile.columns());
          Operand width = Operand.i64((long) together * tile.columns());
          int vectors = together * tile.vectors();
          long apart = Arithmetic.value(panels.stride);
          overTiles(
              rows,
              rows.first,
              new TileWriter.Strip(source, stride, column, width, vectors, null, true, apart));
        });
    Operand done = math.times(count, together);
    Operand next = math.on(panels.memory, math.times(done, panels.stride));
    return new Panels(math.add(panels.first, done), panels.end, next, panels.stride);
  }

  /**
   * Panels and their memory.
   *
   * @param stride bytes from panel to panel; 0 if there is room for one only
   */
  record Panels(Operand first, Operand end, Operand memory, Operand stride) {}

  void panels(Columns source, Tiles rows, Panels panels, Operand areNew) {
    out.loop(
        panels.first,
        panels.end,
        1,
        number -> {
          Operand column = math.times(number, tile.columns());
          Operand width =
              math.minimum(Operand.i64(tile.columns()), math.subtract(columnCount, column));
          Operand on = math.times(math.subtract(number, panels.first), panels.stride);
          Operand memory = out.address("i8", panels.memory, on);
          forWidth(
              width,
              (columns, vectors) -> panel(source, rows, column, columns, vectors, memory, areNew));
        });
  }

  private void panel(
      Columns source,
      Tiles rows,
      Operand column,
      Operand width,
      int vectors,
      Operand memory,
      Operand isNew) {
    Operand stride = Operand.i64(tile.rightStep());
    TileWriter.Strip strip =
        new TileWriter.Strip(memory, stride, column, width, vectors, null, true, 0);
    Runnable packing =
        () -> source.right.pack(source.batch, column, width, tile.lanes(), tile.columns(), memory);
    if (isNew.equals(Operand.FALSE)) {
      overParts(source, part -> overTiles(rows, rows.first, strip, part));
    } else if (source.right.isStepByStep() && vectors == tile.vectors()) {
      Operand columns = Operand.i64(tile.columns());
      Operand isPart = math.isBelow(width, columns);
      math.when(math.both(isNew, isPart), packing);
      Operand copies = math.select(isPart, Operand.FALSE, isNew);
      Operand from = source.right.address(source.batch, column);
      Operand sourceStride = function.dim(source.right.stepStride());
      TileWriter.Strip copying =
          new TileWriter.Strip(from, sourceStride, column, columns, vectors, memory, false, 0);
      Operand done = math.select(copies, Operand.i64(1), Operand.i64(0));
      overParts(
          source,
          part -> {
            math.when(copies, () -> tile(rows, rows.first, copying, part));
            overTiles(rows, math.add(rows.first, done), strip, part);
          });
    } else {
      math.when(isNew, packing);
      overParts(source, part -> overTiles(rows, rows.first, strip, part));
    }
  }

  // Parts of the depth, whose steps of a panel stay in the first cache for all tiles of a block.

  /** Whether panels are read in parts. */
  boolean areCut() {
    return !depth.isStatic() || depth.value() > longestPart;
  }

  private void overParts(Columns source, Consumer<Steps> body) {
    if (!areCut()) {
      body.accept(Steps.all(source.depth));
      return;
    }
    // Once also where there are no steps: sums are stored then, too.
    out.loop(
        Operand.i64(0),
        math.maximum(Operand.i64(1), source.depth),
        partSteps(),
        from -> {
          Operand left = math.subtract(source.depth, from);
          Operand count = math.minimum(Operand.i64(partSteps()), left);
          Operand first = out.compare("icmp eq", from, Operand.i64(0));
          Operand last = out.compare("icmp eq", math.add(from, count), source.depth);
          body.accept(new Steps(from, count, first, last));
        });
  }

  /** Steps of a part; all are alike as far as they can be. */
  private long partSteps() {
    long most = longestPart;
    if (!depth.isStatic()) {
      return most;
    }
    long parts = (depth.value() + most - 1) / most;
    return (depth.value() + parts - 1) / parts;
  }

  private void overTiles(Tiles rows, Operand first, TileWriter.Strip strip, Steps part) {
    out.loop(first, rows.end, 1, number -> tile(rows, number, strip, part));
  }

  private void tile(Tiles rows, Operand number, TileWriter.Strip strip, Steps part) {
    Operand slot = areCut() ? math.subtract(number, rows.first) : Operand.i64(0);
    rows.writer.write(number, rows.side.prepared(number), strip, new TileWriter.Part(part, slot));
  }

  /** Writes code for as many columns as a panel can have, and the vectors that hold them. */
  private void forWidth(Operand width, BiConsumer<Operand, Integer> body) {
    if (!columnCount.isConstant()) {
      forVectors(width, 1, vectors -> body.accept(width, vectors));
      return;
    }
    Operand whole = Operand.i64(tile.columns());
    long part = partOfPanel();
    Operand isPart =
        part == 0
            ? Operand.FALSE
            : Arithmetic.value(columnCount) < tile.columns()
                ? Operand.TRUE
                : math.isBelow(width, whole);
    math.when(
        isPart,
        () -> body.accept(Operand.i64(part), vectors(part)),
        () -> body.accept(whole, tile.vectors()));
  }

  void forVectors(Operand width, int vectors, IntConsumer body) {
    if (vectors == tile.vectors()) {
      body.accept(vectors);
      return;
    }
    Operand more = math.isBelow(Operand.i64((long) vectors * tile.lanes()), width);
    math.when(more, () -> forVectors(width, vectors + 1, body), () -> body.accept(vectors));
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.emit.ZeroMargins;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a convolution with its rows, the filters, in lanes: pixels of a line are the rows of a
 * tile, so none are computed that do not exist. The kernel is turned round once by each worker; the
 * sums of a piece of a line are turned back before they are stored.
 */
final class LaneWindowWriter {
  /** Pixels that are known, below which turning the kernel round takes too much of the time. */
  private static final long FEWEST_PIXELS = 196;

  /** What the turned kernel may take of a worker's memory; a block of it is read at a time. */
  private static final long MOST_BYTES = 1 << 24;

  private static final long FEWEST_STEPS = 16;

  /** Filters of windows with strides: the lanes of the longest vector. */
  private static final long FEWEST_FILTERS = 16;

  private static final int WHOLE_LINE = 64;

  private final SlidingRun run;
  private final WindowProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final RegisterTile tile;
  private final String element;
  private final List<WindowKernel.Step> steps;
  private final long depth;
  private final RowTiles pieces;
  private final int pixels;
  private final Operand kernels;
  private final Operand sums;
  private final Operand turned;
  private final RunStore results;
  private final PaddedLines edges;

  LaneWindowWriter(SlidingRun run, KernelFunction function, ZeroMargins margins) {
    this.edges = new PaddedLines(run, margins);
    this.run = run;
    this.product = run.product();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.tile = RegisterTile.of(function.target(), product.dtype());
    this.element = LlvmTypes.value(product.dtype());
    this.depth = Contraction.extent(product.nest().reduce()).value();
    this.steps = WindowProduct.steps(product.rightPlace(), product.nest().reduce(), tile.columns());
    this.pieces = RowTiles.of(Operand.i64(run.width()), tile.columns(), math);
    this.pixels = pixels(run.width());
    Dim kernelBytes = Dim.constant(rounded(blocks() * depth * tile.rightStep()));
    Dim pieceBytes = Dim.constant(rounded(tile.columns() * tile.rightStep()));
    this.kernels = function.scratch(Dim.ZERO, kernelBytes);
    this.sums = function.scratch(kernelBytes, pieceBytes);
    this.turned = function.scratch(kernelBytes.plus(pieceBytes), pieceBytes);
    this.results =
        new RunStore(run, function, points, element, tile.lanes(), null, turned, turnedStep());
  }

  /** The most pixels of a piece of a line, in whole vectors. */
  private int pixels(long width) {
    long pieces = (width + tile.columns() - 1) / tile.columns();
    long most = (width + pieces - 1) / pieces;
    return (int) ((most + tile.lanes() - 1) / tile.lanes() * tile.lanes());
  }

  /** Bytes from filter to filter where sums have been turned back. */
  private long turnedStep() {
    return (long) pixels * tile.bytes();
  }

  private static long rounded(long bytes) {
    return (bytes + WHOLE_LINE - 1) / WHOLE_LINE * WHOLE_LINE;
  }

  /** Whether filters are many enough, and pixels. */
  static boolean takes(SlidingRun run, TargetDescription target) {
    RegisterTile tile = RegisterTile.of(target, run.product().dtype());
    return takes(run, tile.lanes(), tile.columns());
  }

  /**
   * Whether windows with strides are taken: the same at all levels, because whether weights are
   * packed depends on it.
   */
  static boolean takesStrided(SlidingRun run) {
    return takes(run, FEWEST_FILTERS, FEWEST_FILTERS);
  }

  private static boolean takes(SlidingRun run, long fewest, long columns) {
    WindowProduct product = run.product();
    if (product.rows().size() != 1 || !product.rows().get(0).extent().isStatic()) {
      return false;
    }
    long rows = product.rows().get(0).extent().value();
    long depth = Contraction.extent(product.nest().reduce()).value();
    return rows >= fewest
        && depth >= FEWEST_STEPS
        && (rows + columns) * depth * product.dtype().bytes() <= MOST_BYTES
        && pixels(product.batch()) * pixels(product.columns()) >= FEWEST_PIXELS;
  }

  private static long pixels(List<Axis> axes) {
    long pixels = 1;
    for (Axis axis : axes) {
      pixels *= axis.extent().isStatic() ? axis.extent().value() : 1;
    }
    return pixels;
  }

  private Axis row() {
    return product.rows().get(0);
  }

  private long blocks() {
    return (row().extent().value() + tile.columns() - 1) / tile.columns();
  }

  private Operand eachBlock() {
    return Operand.i64(blocks());
  }

  /** Rows of a block. */
  private Operand rows(Operand block) {
    Operand before = math.times(block, tile.columns());
    return math.minimum(
        Operand.i64(tile.columns()), math.subtract(function.dim(row().extent()), before));
  }

  /** The runs from the function's first number to below its second. */
  void write() {
    out.loop(Operand.i64(0), eachBlock(), 1, this::turnKernel);
    results.eachRun(this::run);
  }

  private Operand kernel(Operand block) {
    return math.on(kernels, math.times(block, depth * tile.rightStep()));
  }

  private void turnKernel(Operand block) {
    Scope scope =
        Scope.empty().with(row().name(), math.times(block, tile.columns()), row().extent());
    Operand from = address(product.left().buffer(), points.position(product.leftPlace(), scope));
    new TurnedRows(product.leftPlace(), row(), product.nest().reduce(), tile, function)
        .write(from, rows(block), kernel(block));
  }

  private Operand address(Buffer buffer, Operand position) {
    return out.address(element, function.pointer(buffer), position);
  }

  private void run(Scope outer, Operand line, Operand lines) {
    fetchNext(outer, math.add(line, lines));
    out.loop(
        Operand.i64(0),
        eachBlock(),
        1,
        block ->
            out.loop(
                Operand.i64(0),
                lines,
                1,
                at -> {
                  Scope scope = results.bound(outer, math.add(line, at));
                  math.when(
                      math.isBelow(block, Operand.i64(1)),
                      () ->
                          fetch(
                              results.bound(outer, math.add(line, math.add(at, Operand.i64(1))))));
                  out.loop(Operand.i64(0), pieces.count(), 1, piece -> piece(scope, block, piece));
                }));
  }

  /** Brings the first lines of the next picture nearer while the last ones of one are computed. */
  private void fetchNext(Scope outer, Operand end) {
    if (run.lines() == null || run.outer().isEmpty()) {
      return;
    }
    Axis last = run.outer().get(run.outer().size() - 1);
    Operand number = math.add(outer.values().get(last.name()), Operand.i64(1));
    Scope next = outer.with(last.name(), number, last.extent());
    Operand isLast = out.compare("icmp eq", end, function.dim(run.lineCount()));
    math.when(
        isLast,
        () ->
            out.loop(
                Operand.i64(1 - (windowLines() + run.step() - 1) / run.step()),
                Operand.i64(1),
                1,
                line -> fetch(results.bound(next, line))));
  }

  /** Elements from a line of the picture to the next, as many of which are passed as columns. */
  private long lineStep() {
    return run.pitch() / run.step();
  }

  /** Lines of a picture that the sums of one line need. */
  private long windowLines() {
    return product.nest().reduce().stream()
        .filter(axis -> WindowProduct.step(product.rightPlace(), axis) == lineStep())
        .mapToLong(axis -> axis.extent().value())
        .max()
        .orElse(1);
  }

  /** Brings the lines of the picture nearer that the sums of a line are the first to need. */
  private void fetch(Scope scope) {
    for (long before = 0; before < Math.min(run.step(), windowLines()); before++) {
      fetch(scope, before);
    }
  }

  /**
   * Brings one of the last lines of the picture that the sums of a line need nearer, of each
   * channel: they lie far apart, and all of a line are needed at once.
   *
   * @param before how many lines before the last
   */
  private void fetch(Scope scope, long before) {
    List<Axis> channels = new ArrayList<>();
    Scope at = scope;
    for (Axis axis : product.nest().reduce()) {
      long step = Math.abs(WindowProduct.step(product.rightPlace(), axis));
      if (step > run.pitch()) {
        channels.add(axis);
      } else {
        boolean isLine = step == lineStep() && axis.extent().value() > before;
        long last = isLine ? axis.extent().value() - 1 - before : 0;
        at = at.with(axis.name(), Operand.i64(last), axis.extent());
      }
    }
    Scope first = at;
    out.loop(
        Operand.i64(0),
        function.dim(Contraction.extent(channels)),
        1,
        channel -> {
          Scope of = channels.isEmpty() ? first : points.bind(first, channels, channel);
          Operand from =
              address(product.right().buffer(), points.position(product.rightPlace(), of));
          for (long on = 0; on < lineStep() * tile.bytes(); on += WHOLE_LINE) {
            out.prefetchToSecondCache(math.on(from, Operand.i64(on)));
          }
        });
  }

  private void piece(Scope scope, Operand block, Operand piece) {
    Operand first = pieces.first(piece);
    Operand count = pieces.extra().is(0) ? pieces.base() : pieces.rows(piece);
    eachRow(block, (row, of) -> results.expect(bound(scope, of), first, count, pixels));
    products(scope.with(run.last().name(), first, Dim.ONE), block, count);
    PackFunctions pack = new PackFunctions(tile.dtype(), tile.lanes(), pixels);
    out.call(
        "void",
        pack.turning(out.module()),
        sums,
        Operand.i64(tile.rightStep()),
        Operand.i64(tile.columns()),
        count,
        turned,
        pack.places());
    eachRow(
        block,
        (row, of) ->
            store(bound(scope, of), math.on(turned, math.times(row, turnedStep())), first, count));
  }

  private Scope bound(Scope scope, Operand row) {
    return scope.with(row().name(), row, row().extent());
  }

  /** Calls a body with each row's number in the block and its number. */
  private void eachRow(Operand block, BiConsumer<Operand, Operand> body) {
    out.loop(
        Operand.i64(0),
        rows(block),
        1,
        row -> body.accept(row, math.add(math.times(block, tile.columns()), row)));
  }

  private void products(Scope scope, Operand block, Operand count) {
    Operand from = address(product.right().buffer(), points.position(product.rightPlace(), scope));
    RowTiles tiles = RowTiles.of(count, tile.rows(), math);
    out.loop(
        Operand.i64(0),
        tiles.count(),
        1,
        number -> {
          Operand pixel = tiles.first(number);
          Operand left = out.address(element, from, math.times(pixel, run.step()));
          Operand right = kernel(block);
          Operand kernel = tiles.function(number, tile.rows(), rows -> kernel(rows, steps));
          List<Operand> loops = WindowKernel.loops(steps, tile);
          for (PaddedLines.Edge edge : edges.all()) {
            Operand line = scope.values().get(run.lines().name());
            Operand isEdge = out.compare("icmp eq", line, Operand.i64(edge.line()));
            WindowKernel.Step tap = steps.get(edges.tap());
            Operand leftOn = Operand.i64(edge.first() * tap.left());
            Operand rightOn = Operand.i64(edge.first() * tap.right());
            List<WindowKernel.Step> some = edges.steps(steps, edge);
            Operand shorter = tiles.function(number, tile.rows(), rows -> kernel(rows, some));
            kernel = math.select(isEdge, shorter, kernel);
            left = math.select(isEdge, out.address(element, left, leftOn), left);
            right = math.select(isEdge, out.address(element, right, rightOn), right);
            List<Operand> fewer = WindowKernel.loops(some, tile);
            for (int at = 0; at < loops.size(); at++) {
              loops.set(at, math.select(isEdge, fewer.get(at), loops.get(at)));
            }
          }
          List<Operand> given = new ArrayList<>(List.of(left, right));
          given.add(math.on(sums, math.times(pixel, tile.rightStep())));
          given.add(Operand.i64(tile.rightStep()));
          given.add(Operand.i64(tile.columns()));
          given.addAll(loops);
          out.callAddress(kernel, given.toArray(Operand[]::new));
        });
  }

  private String kernel(int rows, List<WindowKernel.Step> some) {
    boolean isLine = rows == run.width() && WindowKernel.isUnrolled(some);
    WindowKernel kernel =
        new WindowKernel(
            tile,
            rows,
            tile.vectors(),
            run.step(),
            some,
            product.initial(),
            false,
            false,
            isLine ? edges.insideOfLine() : null);
    return kernel.function(out.module());
  }

  /** Stores a filter's sums of a piece of a line. */
  private void store(Scope scope, Operand line, Operand first, Operand count) {
    for (int on = 0; on < pixels; on += tile.lanes()) {
      Operand at = Operand.i64(on);
      Operand rest = math.subtract(count, at);
      math.when(
          math.isBelow(Operand.i64(0), rest),
          () -> {
            Operand place = math.add(first, at);
            Operand sum = math.on(line, math.times(at, tile.bytes()));
            math.when(
                math.isBelow(rest, Operand.i64(tile.lanes())),
                () -> results.vector(scope, sum, place, out.mask(rest, tile.lanes())),
                () -> results.vector(scope, sum, place, null));
          });
    }
  }
}

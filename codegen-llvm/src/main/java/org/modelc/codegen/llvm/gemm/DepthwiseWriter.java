package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.emit.TaskCount;
import org.modelc.ir.kernel.Buffer;
import org.modelc.runtime.spec.Dim;

/**
 * Writes a convolution of each channel alone. Sums of the same columns of some lines stay in
 * registers: what is read for one of them is read for all, and the window's elements stay in all
 * lanes. With strides of two, elements of even and of odd places are told apart once for all lines.
 */
final class DepthwiseWriter {
  /** Lines whose sums stay in registers together. */
  private static final long LINES = 4;

  /** Multiply-adds of a task, at least. */
  private static final long ENOUGH_WORK = 1 << 15;

  private final DepthwiseRun run;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final String element;
  private final int lanes;
  private final long tiles;
  private final long fewer;
  private final long larger;

  DepthwiseWriter(DepthwiseRun run, KernelFunction function) {
    this.run = run;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.element = LlvmTypes.value(run.product().dtype());
    this.lanes =
        DepthwiseRun.lanes(
            run.width(), RegisterTile.of(function.target(), run.product().dtype()).lanes());
    this.tiles = (run.lineCount() + LINES - 1) / LINES;
    this.fewer = run.lineCount() / tiles;
    this.larger = run.lineCount() % tiles;
  }

  int lanes() {
    return lanes;
  }

  /** The most lines whose sums are computed together. */
  long rows() {
    return larger > 0 ? fewer + 1 : fewer;
  }

  TaskCount tasks() {
    return new TaskCount(run.outerCount(), Dim.constant(tiles), block(), 1);
  }

  /** Tiles of a task. */
  private long block() {
    long work = rows() * run.width() * run.taps().size();
    return Math.min(tiles, (ENOUGH_WORK + work - 1) / work);
  }

  /** The tasks from the function's first number to below its second. */
  void write() {
    Operand blocks = Operand.i64((tiles + block() - 1) / block());
    out.loop(
        function.first(),
        function.second(),
        1,
        task -> {
          Scope scope = points.bind(Scope.empty(), run.outer(), math.divide(task, blocks));
          Operand first = math.times(math.remainder(task, blocks), block());
          Operand end = math.minimum(math.add(first, Operand.i64(block())), Operand.i64(tiles));
          tiles(scope, first, end);
        });
  }

  private void tiles(Scope scope, Operand first, Operand end) {
    WindowProduct product = run.product();
    Operand left = address(product.left().buffer(), points.position(product.leftPlace(), scope));
    Operand right = address(product.right().buffer(), points.position(product.rightPlace(), scope));
    List<Operand> window = new ArrayList<>();
    for (DepthwiseRun.Tap tap : run.taps()) {
      Operand weight = out.address(element, left, Operand.i64(tap.left()));
      window.add(out.splat(out.load(element, weight), lanes));
    }
    Operand middle = Operand.i64(larger);
    if (larger > 0) {
      out.loop(
          first,
          math.minimum(end, middle),
          1,
          tile -> tile(scope, right, window, math.times(tile, fewer + 1), (int) fewer + 1));
    }
    out.loop(
        larger > 0 ? math.maximum(first, middle) : first,
        end,
        1,
        tile -> tile(scope, right, window, math.add(math.times(tile, fewer), middle), (int) fewer));
  }

  private Operand address(Buffer buffer, Operand position) {
    return out.address(element, function.pointer(buffer), position);
  }

  private void tile(Scope scope, Operand right, List<Operand> window, Operand line, int rows) {
    Operand from = out.address(element, right, math.times(line, run.lineStep()));
    long whole = run.width() / lanes * lanes;
    if (whole > 0) {
      out.loop(
          Operand.i64(0),
          Operand.i64(whole),
          lanes,
          column -> columns(scope, from, window, line, rows, column, null));
    }
    if (whole < run.width()) {
      Operand mask = out.mask(Operand.i64(run.width() - whole), lanes);
      columns(scope, from, window, line, rows, Operand.i64(whole), mask);
    }
  }

  /** A vector of columns of a tile's lines. */
  private void columns(
      Scope scope,
      Operand from,
      List<Operand> window,
      Operand line,
      int rows,
      Operand column,
      Operand mask) {
    Operand start = out.splat(Operand.number(element, run.product().initial()), lanes);
    List<Operand> sums = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      sums.add(start);
    }
    Operand first = out.address(element, from, math.times(column, run.step()));
    SteppedLoads.each(
        new SteppedLoads(out, element, lanes, run.step(), first, mask),
        DepthwiseRun.uses(rows, run.lineStep(), run.taps()),
        (elements, use) ->
            sums.set(
                use.line(),
                out.multiplyAdd(elements, window.get(use.tap()), sums.get(use.line()))));
    for (int row = 0; row < rows; row++) {
      store(scope, math.add(line, Operand.i64(row)), column, mask, sums.get(row));
    }
  }

  private void store(Scope scope, Operand line, Operand column, Operand mask, Operand sum) {
    Scope of =
        run.lines() == null ? scope : scope.with(run.lines().name(), line, run.lines().extent());
    String axis = run.last().name();
    ExpressionWriter writer =
        new ExpressionWriter(
            function,
            of.with(axis, column, run.last().extent()),
            new Lanes(axis, lanes, mask),
            reduced -> sum);
    FinishedSums.store(run.product().nest().stores(), writer);
  }
}

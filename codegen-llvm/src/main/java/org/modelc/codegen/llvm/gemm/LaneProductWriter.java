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
import org.modelc.codegen.llvm.emit.ZeroMargins;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.runtime.spec.Dim;

/**
 * Writes sums over lines with the left factor's rows in lanes: part by part, a block of rows turned
 * round for all tiles of channels that are the worker's.
 */
final class LaneProductWriter {
  private final LaneProduct lanes;
  private final WindowProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final RegisterTile tile;
  private final RowTiles channels;
  private final String element;
  private final Operand turned;
  private final Operand channelLines;
  private final Operand sums;
  private final ZeroMargins margins;

  LaneProductWriter(LaneProduct lanes, KernelFunction function, ZeroMargins margins) {
    this.margins = margins;
    this.lanes = lanes;
    this.product = lanes.inner().product();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.tile = lanes.tile();
    this.element = LlvmTypes.value(product.dtype());
    this.channels = RowTiles.of(function.dim(lanes.channel().extent()), tile.rows(), math);
    Dim turnedBytes = Dim.constant((lanes.places() * tile.rightStep() + 63) / 64 * 64);
    this.turned = function.scratch(Dim.ZERO, turnedBytes);
    long copied = lanes.isGathered() ? lanes.rowStep() * tile.rows() * tile.bytes() : 0;
    Dim copiedBytes = Dim.constant((copied + 63) / 64 * 64);
    this.channelLines = function.scratch(turnedBytes, copiedBytes);
    this.sums = function.scratch(turnedBytes.plus(copiedBytes), lanes.tasks().times(bytesOfTask()));
  }

  private long bytesOfTask() {
    return (lanes.sums() * tile.bytes() + 63) / 64 * 64;
  }

  /**
   * A task's place in the grid.
   *
   * @param scope the other axes
   * @param row the first row of its block
   * @param number its tile of channels
   * @param sums its sums: {@code [place, channel, row]}
   */
  private record Task(Scope scope, Operand row, Operand number, Operand sums) {}

  /** The tasks from the function's first number to below its second. */
  void write() {
    Operand count = math.subtract(function.second(), function.first());
    Operand elements = math.times(count, bytesOfTask() / tile.bytes());
    String vector = LlvmTypes.vector(element, tile.lanes());
    out.loop(
        Operand.i64(0),
        elements,
        tile.lanes(),
        at -> out.store(Operand.zero(vector), out.address(element, sums, at)));
    Axis part = lanes.part();
    out.loop(
        Operand.i64(0),
        function.dim(part.extent()),
        1,
        number -> eachTask(task -> part(task, number)));
    eachTask(this::store);
  }

  private interface TaskBody {
    void write(Operand task);
  }

  private void eachTask(TaskBody body) {
    out.loop(function.first(), function.second(), 1, body::write);
  }

  private Task task(Operand task) {
    Operand ofBlock = function.dim(lanes.tasksOfBlock());
    Operand block = math.divide(task, ofBlock);
    Operand rest = math.remainder(task, ofBlock);
    Operand tiles = Operand.i64(lanes.channelTiles());
    Scope scope = points.bind(Scope.empty(), lanes.others(), math.divide(rest, tiles));
    Operand own = math.times(math.subtract(task, function.first()), bytesOfTask());
    return new Task(
        scope, math.times(block, tile.columns()), math.remainder(rest, tiles), math.on(sums, own));
  }

  /** Adds a part of the lines to a task's sums. */
  private void part(Operand number, Operand part) {
    Task task = task(number);
    Axis outermost = lanes.part();
    Scope scope = task.scope.with(outermost.name(), part, outermost.extent());
    Operand isFirst = out.compare("icmp eq", number, function.first());
    Operand ofBlock = function.dim(lanes.tasksOfBlock());
    Operand begins = out.compare("icmp eq", math.remainder(number, ofBlock), Operand.i64(0));
    out.when(out.binary("or", isFirst, begins), () -> turn(scope, task.row));
    Operand first = channels.first(task.number);
    Scope bound = scope.with(lanes.channel().name(), first, Dim.ONE);
    Operand from = address(product.right().buffer(), points.position(product.rightPlace(), bound));
    if (lanes.isGathered()) {
      gather(from, channels.rows(task.number));
    }
    Operand lines = lanes.isGathered() ? channelLines : from;
    for (int place = 0; place < lanes.inner().places(); place++) {
      place(task, place, lines);
    }
  }

  /** Adds what a place of the window reads of a part; what was padded is not read. */
  private void place(Task task, int place, Operand lines) {
    List<WindowKernel.Step> steps = new ArrayList<>();
    long left = lanes.inner().offset(place);
    long right = 0;
    for (int i = 0; i < lanes.inside().size(); i++) {
      Axis axis = lanes.inside().get(i);
      WindowKernel.Step step = lanes.steps().get(i);
      PaddedAxis padded = PaddedAxis.of(product.right(), axis, lanes.inner().window(), margins);
      long tap = padded == null ? 0 : lanes.inner().at(place, padded.tap());
      long from = padded == null ? 0 : padded.firstPoint(tap);
      long end = padded == null ? step.extent() : padded.endPoint(tap);
      if (from >= end) {
        return;
      }
      left += from * step.left();
      right += from * step.right();
      steps.add(new WindowKernel.Step(end - from, step.left(), step.right()));
    }
    long sum = (long) place * tile.rows() * tile.columns();
    List<Operand> given = new ArrayList<>();
    given.add(out.address(element, lines, Operand.i64(left)));
    given.add(out.address(element, turned, Operand.i64(right)));
    given.add(out.address(element, task.sums, Operand.i64(sum)));
    given.add(Operand.i64(tile.rightStep()));
    given.add(Operand.i64(tile.columns()));
    given.addAll(WindowKernel.loops(steps, tile));
    out.callAddress(
        channels.function(task.number, tile.rows(), rows -> kernel(rows, steps)),
        given.toArray(Operand[]::new));
  }

  /** Copies what a part reads of some channels to where they lie close to each other. */
  private void gather(Operand from, Operand rows) {
    String vector = LlvmTypes.vector(element, tile.lanes());
    long whole = lanes.span() / tile.lanes() * tile.lanes();
    Operand rest = out.mask(Operand.i64(lanes.span() - whole), tile.lanes());
    Operand step = function.dim(product.rightPlace().coefficient(lanes.channel().name()));
    out.loop(
        Operand.i64(0),
        rows,
        1,
        row -> {
          Operand source = out.address(element, from, math.times(row, step));
          Operand target = out.address(element, channelLines, math.times(row, lanes.rowStep()));
          out.loop(
              Operand.i64(0),
              Operand.i64(whole),
              tile.lanes(),
              at ->
                  out.store(
                      out.load(vector, out.address(element, source, at)),
                      out.address(element, target, at)));
          if (whole < lanes.span()) {
            Operand at = Operand.i64(whole);
            Operand last = out.maskedLoad(vector, out.address(element, source, at), rest);
            out.maskedStore(last, out.address(element, target, at), rest);
          }
        });
  }

  private String kernel(int rows, List<WindowKernel.Step> steps) {
    WindowKernel kernel =
        new WindowKernel(tile, rows, tile.vectors(), lanes.rowStep(), steps, 0, true, false);
    return kernel.function(out.module());
  }

  private Operand address(Buffer buffer, Operand position) {
    return out.address(element, function.pointer(buffer), position);
  }

  /** Turns a block of rows round: {@code [place, row]}. */
  private void turn(Scope scope, Operand row) {
    Axis axis = lanes.inner().row();
    Scope bound = scope.with(axis.name(), row, axis.extent());
    Operand from = address(product.left().buffer(), points.position(product.leftPlace(), bound));
    Operand rest = math.subtract(function.dim(axis.extent()), row);
    Operand count = math.minimum(Operand.i64(tile.columns()), rest);
    new TurnedRows(product.leftPlace(), axis, lanes.inside(), tile, function)
        .write(from, count, turned);
  }

  /** Finished sums through the nest's own expressions. */
  private void store(Operand number) {
    Task task = task(number);
    Axis axis = lanes.inner().row();
    Operand rest = math.subtract(function.dim(axis.extent()), task.row);
    Operand rows = math.minimum(Operand.i64(tile.columns()), rest);
    Operand first = channels.first(task.number);
    out.loop(
        Operand.i64(0),
        rows,
        1,
        row ->
            out.loop(
                Operand.i64(0),
                channels.rows(task.number),
                1,
                channel -> {
                  Scope scope =
                      task.scope
                          .with(axis.name(), math.add(task.row, row), axis.extent())
                          .with(
                              lanes.channel().name(),
                              math.add(first, channel),
                              lanes.channel().extent());
                  Operand on = math.add(math.times(channel, tile.columns()), row);
                  places(scope, out.address(element, task.sums, on));
                }));
  }

  private void places(Scope scope, Operand sums) {
    long apart = (long) tile.rows() * tile.columns();
    out.loop(
        Operand.i64(0),
        Operand.i64(lanes.inner().places()),
        1,
        place -> {
          Operand initial = Operand.number(element, product.initial());
          Operand at = out.address(element, sums, math.times(place, apart));
          Operand sum = out.add(out.load(element, at), initial);
          Scope bound = points.bind(scope, lanes.inner().window(), place);
          FinishedSums.store(
              product.nest().stores(),
              new ExpressionWriter(function, bound, Lanes.NONE, reduced -> sum));
        });
  }
}

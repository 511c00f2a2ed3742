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
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;

/**
 * Writes the gradient of the kernel of a convolution of each channel alone: a channel's sums for
 * all places of the window stay in registers until its last picture, columns in lanes, which are
 * joined at the end. Some lines are taken at a time, so that what is read of a picture is read once
 * for all places that meet it.
 */
final class DepthwiseGradientWriter {
  /** Lines of the gradient that flows which are in registers together. */
  private static final long LINES = 4;

  private static final int MANY_REGISTERS = 32;
  private static final long SUMS = 25;
  private static final long SUMS_WITH_FEW_REGISTERS = 10;
  private static final long LINES_WITH_FEW_REGISTERS = 2;

  private final DepthwiseGradient gradient;
  private final WindowProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final String element;
  private final int lanes;
  private final long most;
  private final long lineStep;
  private final long flowStep;

  DepthwiseGradientWriter(DepthwiseGradient gradient, KernelFunction function) {
    this.gradient = gradient;
    this.product = gradient.product();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.element = LlvmTypes.value(product.dtype());
    this.lanes =
        DepthwiseRun.lanes(
            gradient.width(), RegisterTile.of(function.target(), product.dtype()).lanes());
    boolean many = function.target().level().registers() >= MANY_REGISTERS;
    this.most = many ? LINES : LINES_WITH_FEW_REGISTERS;
    Axis lines = gradient.lines();
    this.lineStep = lines == null ? 0 : WindowProduct.step(product.rightPlace(), lines);
    this.flowStep = lines == null ? 0 : WindowProduct.step(product.leftPlace(), lines);
  }

  /** How many sums there may be in a level's registers. */
  static long mostSums(KernelFunction function) {
    boolean many = function.target().level().registers() >= MANY_REGISTERS;
    return many ? SUMS : SUMS_WITH_FEW_REGISTERS;
  }

  int lanes() {
    return lanes;
  }

  TaskCount tasks() {
    return TaskCount.of(gradient.outerCount());
  }

  /** The tasks from the function's first number to below its second. */
  void write() {
    out.loop(
        function.first(),
        function.second(),
        1,
        task -> window(points.bind(Scope.empty(), gradient.outer(), task)));
  }

  private void window(Scope scope) {
    Operand zero = out.splat(Operand.number(element, 0), lanes);
    List<Operand> sums = new ArrayList<>();
    gradient.taps().forEach(tap -> sums.add(zero));
    List<Axis> pictures = gradient.pictures();
    List<Operand> all =
        pictures.isEmpty()
            ? picture(scope, sums)
            : out.loop(
                Operand.i64(0),
                function.dim(Contraction.extent(pictures)),
                1,
                sums,
                (number, carried) -> picture(points.bind(scope, pictures, number), carried));
    for (int place = 0; place < all.size(); place++) {
      Operand joined = out.joinLanes(all.get(place), out::add);
      Operand sum = out.add(Operand.number(element, product.initial()), joined);
      Scope at = points.bind(scope, gradient.window(), Operand.i64(place));
      FinishedSums.store(
          product.nest().stores(), new ExpressionWriter(function, at, Lanes.NONE, of -> sum));
    }
  }

  private List<Operand> picture(Scope scope, List<Operand> sums) {
    Operand left = address(product.left().buffer(), points.position(product.leftPlace(), scope));
    Operand right = address(product.right().buffer(), points.position(product.rightPlace(), scope));
    long tiles = (gradient.lineCount() + most - 1) / most;
    long fewer = gradient.lineCount() / tiles;
    long larger = gradient.lineCount() % tiles;
    List<Operand> next = lines(left, right, sums, 0, larger, fewer + 1);
    return lines(left, right, next, larger * (fewer + 1), tiles - larger, fewer);
  }

  private Operand address(Buffer buffer, Operand position) {
    return out.address(element, function.pointer(buffer), position);
  }

  /** So many tiles of lines from one on. */
  private List<Operand> lines(
      Operand left, Operand right, List<Operand> sums, long first, long tiles, long rows) {
    return out.loop(
        Operand.i64(first),
        Operand.i64(first + tiles * rows),
        rows,
        sums,
        (line, carried) ->
            tile(
                out.address(element, left, math.times(line, flowStep)),
                out.address(element, right, math.times(line, lineStep)),
                carried,
                (int) rows));
  }

  private List<Operand> tile(Operand left, Operand right, List<Operand> sums, int rows) {
    long whole = gradient.width() / lanes * lanes;
    List<Operand> next =
        whole == 0
            ? sums
            : out.loop(
                Operand.i64(0),
                Operand.i64(whole),
                lanes,
                sums,
                (column, carried) -> columns(left, right, carried, rows, column, null));
    if (whole == gradient.width()) {
      return next;
    }
    Operand mask = out.mask(Operand.i64(gradient.width() - whole), lanes);
    return columns(left, right, next, rows, Operand.i64(whole), mask);
  }

  /** A vector of columns of a tile's lines. */
  private List<Operand> columns(
      Operand left, Operand right, List<Operand> sums, int rows, Operand column, Operand mask) {
    String type = LlvmTypes.vector(element, lanes);
    List<Operand> flowing = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Operand place = out.address(element, left, math.add(column, Operand.i64(row * flowStep)));
      flowing.add(mask == null ? out.load(type, place) : out.maskedLoad(type, place, mask));
    }
    long step = WindowProduct.step(product.rightPlace(), gradient.last());
    fetchNext(left, column, rows, flowStep, product.leftPlace());
    for (int part = 0; part < step; part++) {
      Operand at = math.add(math.times(column, step), Operand.i64((long) part * lanes));
      fetchNext(right, at, rows, lineStep, product.rightPlace());
    }
    List<Operand> next = new ArrayList<>(sums);
    SteppedLoads.each(
        new SteppedLoads(
            out, element, lanes, step, out.address(element, right, math.times(column, step)), mask),
        DepthwiseRun.uses(rows, lineStep, gradient.taps()),
        (elements, use) ->
            next.set(
                use.tap(),
                out.multiplyAdd(elements, flowing.get(use.line()), next.get(use.tap()))));
    return next;
  }

  /** Brings the same places of the next picture nearer, which lies far from this one. */
  private void fetchNext(Operand from, Operand column, int rows, long rowStep, AffineIndex place) {
    List<Axis> pictures = gradient.pictures();
    if (pictures.isEmpty()) {
      return;
    }
    Axis last = pictures.get(pictures.size() - 1);
    Operand next = math.add(column, function.dim(place.coefficient(last.name())));
    for (int row = 0; row < rows; row++) {
      out.prefetch(out.address(element, from, math.add(next, Operand.i64(row * rowStep))));
    }
  }
}

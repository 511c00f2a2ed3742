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
import org.modelc.ir.kernel.Axis;
import org.modelc.runtime.spec.Dim;

/**
 * Writes sums over lines: a vector of each row and one of each place of the window give a product
 * for every pair of them; lanes are joined at the end.
 */
final class InnerProductWriter {
  private static final long UNROLLED_VECTORS = 2;

  private final InnerProduct inner;
  private final WindowProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final int lanes;
  private final String element;
  private final String vector;
  private final RowTiles tiles;
  private final Operand sums;

  InnerProductWriter(InnerProduct inner, KernelFunction function) {
    this.inner = inner;
    this.product = inner.product();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.lanes = function.target().lanes();
    this.element = LlvmTypes.value(product.dtype());
    this.vector = LlvmTypes.vector(element, lanes);
    this.tiles = RowTiles.of(function.dim(inner.row().extent()), inner.rows(), math);
    Dim kept = isCut() ? inner.tasks() : Dim.ONE;
    this.sums = function.scratch(Dim.ZERO, kept.times(bytes()));
  }

  /** The tiles from the function's first number to below its second. */
  void write() {
    if (!isCut()) {
      tiles(new Part(Operand.i64(0), extent(), Operand.TRUE, Operand.TRUE));
      return;
    }
    Operand extent = extent();
    // Once also where there are no lines: sums are stored then, too.
    out.loop(
        Operand.i64(0),
        math.maximum(Operand.i64(1), extent),
        inner.part(),
        from -> {
          Operand to = math.minimum(math.add(from, Operand.i64(inner.part())), extent);
          Operand isFirst = out.compare("icmp eq", from, Operand.i64(0));
          Operand isLast = out.compare("icmp sge", to, extent);
          tiles(new Part(from, to, isFirst, isLast));
        });
  }

  /** Some of the lines, by the outermost of their axes. */
  private record Part(Operand from, Operand to, Operand isFirst, Operand isLast) {}

  private Operand extent() {
    return function.dim(inner.lines().get(0).extent());
  }

  /** Whether all tiles take a part of the lines before any takes the next one. */
  private boolean isCut() {
    return inner.part() > 0;
  }

  private void tiles(Part part) {
    Operand outerCount = function.dim(inner.outerCount());
    out.loop(
        function.first(),
        function.second(),
        1,
        task -> {
          // Lines of a tile's rows stay in the first cache while all windows pass by.
          Operand number = math.divide(task, outerCount);
          Operand outer = math.remainder(task, outerCount);
          Scope scope = points.bind(Scope.empty(), inner.outer(), outer);
          Operand own = isCut() ? math.subtract(task, function.first()) : Operand.i64(0);
          Operand place = math.on(sums, math.times(own, bytes()));
          int base = (int) Arithmetic.value(tiles.base());
          math.when(
              tiles.extra().is(0) ? Operand.FALSE : tiles.isLarger(number),
              () -> tile(scope, number, base + 1, place, part),
              () -> tile(scope, number, base, place, part));
        });
  }

  /** Bytes of a tile's sums, in whole vectors. */
  private long bytes() {
    long all = (long) inner.rows() * inner.places();
    return (all + lanes - 1) / lanes * lanes * product.dtype().bytes();
  }

  private void tile(Scope scope, Operand number, int rows, Operand place, Part part) {
    Operand first = tiles.first(number);
    Scope bound = scope.with(inner.row().name(), first, Dim.ONE);
    Operand left = address(product.left().buffer(), points.position(product.leftPlace(), bound));
    Operand right = address(product.right().buffer(), points.position(product.rightPlace(), scope));
    List<Operand> zeros = new ArrayList<>();
    for (int i = 0; i < rows * inner.places(); i++) {
      zeros.add(Operand.zero(vector));
    }
    List<Operand> joined = lines(0, zeros, left, right, part);
    for (int i = 0; i < joined.size(); i += lanes) {
      List<Operand> some = joined.subList(i, Math.min(joined.size(), i + lanes));
      Operand sum = out.joinEach(some, lanes, out::add);
      Operand target = out.address(element, place, Operand.i64(i));
      math.when(
          part.isFirst,
          () -> out.store(sum, target),
          () -> out.store(out.add(out.load(vector, target), sum), target));
    }
    math.when(part.isLast, () -> store(scope, first, rows, place));
  }

  private Operand address(org.modelc.ir.kernel.Buffer buffer, Operand position) {
    return out.address(element, function.pointer(buffer), position);
  }

  private List<Operand> lines(
      int axis, List<Operand> carried, Operand left, Operand right, Part part) {
    List<Axis> axes = inner.lines();
    if (axis == axes.size()) {
      return line(carried, left, right);
    }
    Axis each = axes.get(axis);
    return out.loop(
        axis == 0 ? part.from : Operand.i64(0),
        axis == 0 ? part.to : function.dim(each.extent()),
        1,
        carried,
        (index, values) ->
            lines(
                axis + 1,
                values,
                moved(left, index, product.leftPlace().coefficient(each.name())),
                moved(right, index, product.rightPlace().coefficient(each.name())),
                part));
  }

  private Operand moved(Operand pointer, Operand index, Dim step) {
    return out.address(element, pointer, math.times(index, function.dim(step)));
  }

  private List<Operand> line(List<Operand> carried, Operand left, Operand right) {
    long whole = inner.length() / lanes * lanes;
    List<Operand> values = carried;
    if (whole <= UNROLLED_VECTORS * lanes) {
      for (long at = 0; at < whole; at += lanes) {
        values = step(values, left, right, Operand.i64(at), null);
      }
    } else {
      values =
          out.loop(
              Operand.i64(0),
              Operand.i64(whole),
              lanes,
              values,
              (at, sofar) -> step(sofar, left, right, at, null));
    }
    if (whole == inner.length()) {
      return values;
    }
    Operand mask = out.mask(Operand.i64(inner.length() - whole), lanes);
    return step(values, left, right, Operand.i64(whole), mask);
  }

  private List<Operand> step(
      List<Operand> carried, Operand left, Operand right, Operand at, Operand mask) {
    int places = inner.places();
    List<Operand> ofRows = new ArrayList<>();
    Operand row = out.address(element, left, at);
    for (int r = 0; r < carried.size() / places; r++) {
      Dim step = product.leftPlace().coefficient(inner.row().name()).times(Dim.constant(r));
      ofRows.add(load(out.address(element, row, function.dim(step)), mask));
    }
    List<Operand> next = new ArrayList<>(carried);
    Operand window = out.address(element, right, at);
    for (int place = 0; place < places; place++) {
      Operand other = load(out.address(element, window, Operand.i64(inner.offset(place))), mask);
      for (int r = 0; r < ofRows.size(); r++) {
        int i = r * places + place;
        next.set(i, out.multiplyAdd(ofRows.get(r), other, next.get(i)));
      }
    }
    return next;
  }

  private Operand load(Operand place, Operand mask) {
    return mask == null ? out.load(vector, place) : out.maskedLoad(vector, place, mask);
  }

  /** Finished sums through the nest's own expressions. */
  private void store(Scope outer, Operand first, int rows, Operand sums) {
    Operand places = Operand.i64(inner.places());
    out.loop(
        Operand.i64(0),
        Operand.i64((long) rows * inner.places()),
        1,
        at -> {
          Operand row = math.add(first, math.divide(at, places));
          Scope scope = outer.with(inner.row().name(), row, inner.row().extent());
          scope = points.bind(scope, inner.window(), math.remainder(at, places));
          Operand initial = Operand.number(element, product.initial());
          Operand sum = out.add(out.load(element, out.address(element, sums, at)), initial);
          FinishedSums.store(
              product.nest().stores(),
              new ExpressionWriter(function, scope, Lanes.NONE, reduced -> sum));
        });
  }
}

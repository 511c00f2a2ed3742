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
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/** Writes a convolution: for each run of columns all tiles of rows, the input read as it lies. */
final class WindowWriter {
  private static final int WHOLE_LINE = 64;

  private final SlidingRun run;
  private final WindowProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final RegisterTile tile;
  private final RowTiles tiles;
  private final int vectors;
  private final String element;
  private final Operand sums;
  private final long sumStride;

  WindowWriter(SlidingRun run, KernelFunction function) {
    this.run = run;
    this.product = run.product();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.tile = RegisterTile.of(function.target(), product.dtype());
    this.element = LlvmTypes.value(product.dtype());
    Operand rows = function.dim(Contraction.extent(product.rows()));
    this.tiles = RowTiles.of(rows, tile.rows(), math);
    int most = (int) Arithmetic.value(tiles.base()) + (tiles.extra().is(0) ? 0 : 1);
    int needed = (int) ((run.longest() + tile.lanes() - 1) / tile.lanes());
    this.vectors = Math.min(needed, tile.wideVectors(most, function.target()));
    long columns = (long) vectors * tile.lanes();
    this.sumStride = (run.longest() + columns - 1) / columns * columns * tile.bytes();
    // A line of sums begins anywhere, and its last vector is read whole.
    long beyond = (long) tile.lanes() * tile.bytes();
    long bytes = (most * sumStride + beyond + WHOLE_LINE - 1) / WHOLE_LINE * WHOLE_LINE;
    this.sums = function.scratch(Dim.ZERO, Dim.constant(bytes));
  }

  /** The runs from the function's first number to below its second. */
  void write() {
    Operand blocks = math.ceiling(function.dim(run.lineCount()), run.block());
    out.loop(
        function.first(),
        function.second(),
        1,
        task -> {
          Scope scope = points.bind(Scope.empty(), run.outer(), math.divide(task, blocks));
          Operand line = math.times(math.remainder(task, blocks), run.block());
          Operand left = math.subtract(function.dim(run.lineCount()), line);
          run(scope, line, math.minimum(Operand.i64(run.block()), left));
        });
  }

  private void run(Scope outer, Operand line, Operand lines) {
    Scope scope = run.lines() == null ? outer : outer.with(run.lines().name(), line, Dim.ONE);
    Operand before = math.times(math.subtract(lines, Operand.i64(1)), run.pitch());
    Operand length = math.add(before, Operand.i64(run.width()));
    Operand right =
        out.address(
            element,
            function.pointer(product.right().buffer()),
            points.position(product.rightPlace(), scope));
    out.loop(
        Operand.i64(0),
        tiles.count(),
        1,
        number -> {
          Scope rows = points.bind(scope, product.rows(), tiles.first(number));
          Operand left =
              out.address(
                  element,
                  function.pointer(product.left().buffer()),
                  points.position(product.leftPlace(), rows));
          products(number, left, right, length);
          store(outer, number, line, lines);
        });
  }

  private void products(Operand number, Operand left, Operand right, Operand length) {
    long columns = (long) vectors * tile.lanes();
    Operand whole = math.times(math.divide(length, Operand.i64(columns)), columns);
    Operand full = kernel(number, false);
    out.loop(Operand.i64(0), whole, columns, first -> product(full, left, right, first, columns));
    Operand rest = math.subtract(length, whole);
    math.when(
        math.isBelow(Operand.i64(0), rest),
        () -> product(kernel(number, true), left, right, whole, rest));
  }

  private void product(Operand kernel, Operand left, Operand right, Operand first, long columns) {
    product(kernel, left, right, first, Operand.i64(columns));
  }

  private void product(
      Operand kernel, Operand left, Operand right, Operand first, Operand columns) {
    out.callAddress(
        kernel,
        left,
        out.address(element, right, first),
        out.address(element, sums, first),
        Operand.i64(sumStride),
        columns);
  }

  private Operand kernel(Operand number, boolean masked) {
    int base = (int) Arithmetic.value(tiles.base());
    Operand smaller = kernel(base, masked);
    return tiles.extra().is(0)
        ? smaller
        : math.select(tiles.isLarger(number), kernel(base + 1, masked), smaller);
  }

  private Operand kernel(int rows, boolean masked) {
    List<WindowKernel.Step> steps = new ArrayList<>();
    for (Axis axis : product.nest().reduce()) {
      steps.add(
          new WindowKernel.Step(
              axis.extent().value(),
              WindowProduct.step(product.leftPlace(), axis),
              WindowProduct.step(product.rightPlace(), axis)));
    }
    long rowStep =
        product.rows().isEmpty()
            ? 0
            : WindowProduct.step(product.leftPlace(), product.rows().get(0));
    WindowKernel kernel =
        new WindowKernel(
            product.dtype(),
            tile.lanes(),
            rows,
            vectors,
            rowStep,
            steps,
            product.initial(),
            masked);
    return new Operand("ptr", "@" + kernel.function(out.module()));
  }

  // The finished sums of a run through the nest's own expressions, line by line.

  private void store(Scope outer, Operand number, Operand firstLine, Operand lines) {
    out.loop(
        Operand.i64(0),
        tiles.rows(number),
        1,
        row -> {
          Scope scope = points.bind(outer, product.rows(), math.add(tiles.first(number), row));
          Operand line = out.address("i8", sums, math.times(row, sumStride));
          out.loop(
              Operand.i64(0),
              lines,
              1,
              at -> {
                Operand place = out.address(element, line, math.times(at, run.pitch()));
                storeLine(bound(scope, math.add(firstLine, at)), place);
              });
        });
  }

  private Scope bound(Scope scope, Operand line) {
    return run.lines() == null ? scope : scope.with(run.lines().name(), line, run.lines().extent());
  }

  private void storeLine(Scope scope, Operand place) {
    long whole = run.width() / tile.lanes() * tile.lanes();
    out.loop(
        Operand.i64(0), Operand.i64(whole), tile.lanes(), on -> vector(scope, place, on, null));
    if (whole < run.width()) {
      Operand mask = out.mask(Operand.i64(run.width() - whole), tile.lanes());
      vector(scope, place, Operand.i64(whole), mask);
    }
  }

  private void vector(Scope scope, Operand place, Operand on, Operand mask) {
    String type = LlvmTypes.vector(element, tile.lanes());
    Operand sum = out.load(type, out.address(element, place, on));
    String axis = run.last().name();
    ExpressionWriter writer =
        new ExpressionWriter(
            function,
            scope.with(axis, on, run.last().extent()),
            new Lanes(axis, tile.lanes(), mask),
            reduced -> sum);
    // All values before the first store: an output may lie in the place of an operand.
    List<LoopNest.Store> stores = product.nest().stores();
    List<Operand> values = stores.stream().map(store -> writer.value(store.value())).toList();
    for (int i = 0; i < values.size(); i++) {
      writer.store(stores.get(i).buffer(), stores.get(i).index(), values.get(i));
    }
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.Axis;
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
  private final RunStore results;

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
    this.results =
        new RunStore(run, function, points, element, tile.lanes(), tiles, sums, sumStride);
  }

  /** The runs from the function's first number to below its second. */
  void write() {
    results.eachRun(this::run);
  }

  private void run(Scope outer, Operand line, Operand lines) {
    Scope scope = run.lines() == null ? outer : outer.with(run.lines().name(), line, Dim.ONE);
    Operand length = results.length(lines);
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
          results.store(outer, number, line, lines);
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
    List<Operand> given = new ArrayList<>();
    given.add(left);
    given.add(out.address(element, right, first));
    given.add(out.address(element, sums, first));
    given.add(Operand.i64(sumStride));
    given.add(columns);
    given.addAll(WindowKernel.loops(steps(), tile));
    out.callAddress(kernel, given.toArray(Operand[]::new));
  }

  private Operand kernel(Operand number, boolean masked) {
    return tiles.function(number, tile.rows(), rows -> kernel(rows, masked));
  }

  private List<WindowKernel.Step> steps() {
    List<WindowKernel.Step> steps = new ArrayList<>();
    for (Axis axis : product.nest().reduce()) {
      steps.add(
          new WindowKernel.Step(
              axis.extent().value(),
              WindowProduct.step(product.leftPlace(), axis),
              WindowProduct.step(product.rightPlace(), axis)));
    }
    return steps;
  }

  private String kernel(int rows, boolean masked) {
    long rowStep =
        product.rows().isEmpty()
            ? 0
            : WindowProduct.step(product.leftPlace(), product.rows().get(0));
    WindowKernel kernel =
        new WindowKernel(tile, rows, vectors, rowStep, steps(), product.initial(), false, masked);
    return kernel.function(out.module());
  }
}

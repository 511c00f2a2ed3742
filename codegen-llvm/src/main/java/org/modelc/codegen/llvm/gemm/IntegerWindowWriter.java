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

/**
 * Writes a convolution of bytes: for each run of columns the kernel's rows and the windows' pixels
 * are packed into the worker's memory, then multiplied tile by tile.
 */
final class IntegerWindowWriter {
  private static final int CACHE_LINE = 64;

  private final IntegerWindow window;
  private final SlidingRun run;
  private final WindowProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Points points;
  private final IntegerTile tile;
  private final RowTiles tiles;
  private final Operand rowCount;
  private final long rowBytes;
  private final long sumStride;
  private final Operand left;
  private final Operand panels;
  private final Operand sums;
  private final RunStore results;

  IntegerWindowWriter(IntegerWindow window, KernelFunction function) {
    this.window = window;
    this.run = window.run();
    this.product = run.product();
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.points = new Points(function, math);
    this.tile = window.tile();
    this.rowCount = function.dim(product.rows().get(0).extent());
    this.tiles = RowTiles.of(rowCount, tile.rows(), math);
    this.rowBytes = tile.rowBytes(window.depth());
    long most = (run.longest() + tile.columns() - 1) / tile.columns();
    this.sumStride = most * tile.columns() * Integer.BYTES;
    long leftBytes = whole(rowBytes * Arithmetic.value(rowCount) + rowBytes + CACHE_LINE);
    long panelBytes = most * tile.panelBytes(window.depth());
    this.left = function.scratch(Dim.ZERO, Dim.constant(leftBytes));
    this.panels = function.scratch(Dim.constant(leftBytes), Dim.constant(whole(panelBytes)));
    // A line of sums begins anywhere, and its last vector is read whole.
    long sumBytes = whole(sumStride * tile.rows() + (long) tile.lanes() * Integer.BYTES);
    this.sums =
        function.scratch(Dim.constant(leftBytes + whole(panelBytes)), Dim.constant(sumBytes));
    this.results = new RunStore(run, function, points, "i32", tile.lanes(), tiles, sums, sumStride);
  }

  private static long whole(long bytes) {
    return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }

  /** The runs from the function's first number to below its second. */
  void write() {
    results.eachRun(this::run);
  }

  private void run(Scope outer, Operand line, Operand lines) {
    Scope scope = run.lines() == null ? outer : outer.with(run.lines().name(), line, Dim.ONE);
    Operand length = results.length(lines);
    packRows(scope);
    Operand pixels =
        math.on(
            function.pointer(product.right().buffer()),
            points.position(product.rightPlace(), scope));
    Operand columns = Operand.i64(tile.columns());
    Operand count = math.ceiling(length, tile.columns());
    Operand last = math.subtract(length, columns);
    math.when(
        math.isBelow(length, columns),
        () -> pack(pixels, Operand.i64(0), length, panels),
        () ->
            out.loop(
                Operand.i64(0),
                count,
                1,
                panel -> pack(pixels, first(panel, last), null, panel(panel))));
    out.loop(
        Operand.i64(0),
        tiles.count(),
        1,
        number -> {
          out.loop(
              Operand.i64(0),
              count,
              1,
              panel -> multiply(number, panel, math.maximum(Operand.i64(0), first(panel, last))));
          results.store(outer, number, line, lines);
        });
  }

  /** The last panel begins early enough to end with the run; it computes some columns again. */
  private Operand first(Operand panel, Operand last) {
    return math.minimum(math.times(panel, tile.columns()), last);
  }

  private Operand panel(Operand number) {
    return math.on(panels, math.times(number, tile.panelBytes(window.depth())));
  }

  private void multiply(Operand number, Operand panel, Operand column) {
    Operand row = tiles.first(number);
    out.callAddress(
        kernel(number),
        math.on(left, math.times(row, rowBytes)),
        panel(panel),
        out.address("i32", sums, column),
        Operand.i64(sumStride),
        Operand.i64(tile.groups(window.depth())),
        Operand.i64(0));
  }

  private Operand kernel(Operand number) {
    return tiles.function(
        number,
        tile.rows(),
        rows -> new IntegerKernel(tile, rows, 1, 0, rowBytes, 0).function(out.module()));
  }

  // Packing.

  private void packRows(Scope scope) {
    Axis rows = product.rows().get(0);
    Operand position =
        points.position(
            product.leftPlace(), scope.with(rows.name(), Operand.i64(0), rows.extent()));
    Operand source = math.on(function.pointer(product.left().buffer()), position);
    Operand stride = function.dim(product.leftPlace().coefficient(rows.name()));
    String copying = new IntegerRowCopy(tile, window.depth()).function(out.module());
    out.call("void", copying, source, stride, rowCount, left);
  }

  /**
   * Packs the windows of neighbouring columns.
   *
   * @param existing how many columns there are; null for a whole panel
   */
  private void pack(Operand pixels, Operand column, Operand existing, Operand panel) {
    int steps = tile.arithmetic().steps;
    Operand from = math.on(pixels, column);
    long whole = window.depth() / steps;
    Operand table = new Operand("ptr", "@" + offsets());
    for (int v = 0; v < IntegerTile.VECTORS; v++) {
      long before = (long) v * tile.lanes();
      Operand place = math.on(from, Operand.i64(before));
      Operand to = math.on(panel, Operand.i64(before * steps));
      Operand mask =
          existing == null
              ? null
              : out.mask(math.subtract(existing, Operand.i64(before)), tile.lanes());
      out.loop(
          Operand.i64(0),
          Operand.i64(whole),
          1,
          group -> packGroup(table, place, mask, to, group, steps));
      int rest = (int) (window.depth() - whole * steps);
      if (rest > 0) {
        packGroup(table, place, mask, to, Operand.i64(whole), rest);
      }
    }
  }

  private void packGroup(
      Operand table, Operand place, Operand mask, Operand to, Operand group, int existing) {
    String type = LlvmTypes.vector("i8", tile.lanes());
    int steps = tile.arithmetic().steps;
    List<Operand> parts = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      if (step >= existing) {
        parts.add(Operand.zero(type));
        continue;
      }
      Operand number = math.add(math.times(group, steps), Operand.i64(step));
      Operand at = math.on(place, out.load("i64", out.address("i64", table, number)));
      Operand loaded = mask == null ? out.load(type, at) : out.maskedLoad(type, at, mask);
      parts.add(window.hasOffset() ? moved(loaded) : loaded);
    }
    out.store(
        IntegerColumns.together(out, parts), math.on(to, math.times(group, tile.groupBytes())));
  }

  private Operand moved(Operand bytes) {
    Operand offset = Operand.integer("i8", (byte) IntegerWindow.OFFSET);
    return out.add(bytes, offset.splatConstant(bytes.lanes()));
  }

  /** A constant of the module: how far each step's pixel is from the first step's. */
  private String offsets() {
    List<Long> offsets = List.of(0L);
    StringBuilder name = new StringBuilder("offsets");
    for (Axis axis : product.nest().reduce()) {
      long step = WindowProduct.step(product.rightPlace(), axis);
      name.append('.').append(axis.extent().value()).append('x').append(step);
      List<Long> next = new ArrayList<>();
      for (long offset : offsets) {
        for (long i = 0; i < axis.extent().value(); i++) {
          next.add(offset + i * step);
        }
      }
      offsets = next;
    }
    List<String> elements = offsets.stream().map(offset -> "i64 " + offset).toList();
    String array = "[" + elements.size() + " x i64] [" + String.join(", ", elements) + "]";
    String text = "@" + name + " = internal constant " + array + "\n";
    return out.module().library(name.toString(), () -> text);
  }
}

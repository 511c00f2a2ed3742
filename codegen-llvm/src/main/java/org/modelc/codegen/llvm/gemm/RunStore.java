package org.modelc.codegen.llvm.gemm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;

/**
 * Deals a convolution's runs out to tasks, and brings the finished sums of a run through the nest's
 * own expressions, line by line.
 *
 * @param element the sums' type
 * @param lanes elements of a vector
 * @param tiles the rows of the product
 * @param sums where a tile's sums lie, a row each {@code sumStride} bytes
 */
record RunStore(
    SlidingRun run,
    KernelFunction function,
    Points points,
    String element,
    int lanes,
    RowTiles tiles,
    Operand sums,
    long sumStride) {
  private static final int CACHE_LINE = 64;

  /** What computes a run: the lines from one on, as many as there are. */
  interface Body {
    void write(Scope scope, Operand line, Operand lines);
  }

  private FunctionWriter out() {
    return function.writer();
  }

  private Arithmetic math() {
    return new Arithmetic(out());
  }

  /** The runs from the function's first number to below its second. */
  void eachRun(Body body) {
    Arithmetic math = math();
    Operand blocks = math.ceiling(function.dim(run.lineCount()), run.block());
    out()
        .loop(
            function.first(),
            function.second(),
            1,
            task -> {
              Scope scope = points.bind(Scope.empty(), run.outer(), math.divide(task, blocks));
              Operand line = math.times(math.remainder(task, blocks), run.block());
              Operand left = math.subtract(function.dim(run.lineCount()), line);
              body.write(scope, line, math.minimum(Operand.i64(run.block()), left));
            });
  }

  /** Columns from the first of a run to the last, places between lines among them. */
  Operand length(Operand lines) {
    Operand before = math().times(math().subtract(lines, Operand.i64(1)), run.pitch());
    return math().add(before, Operand.i64(run.width()));
  }

  /** Stores the rows of a tile. */
  void store(Scope outer, Operand number, Operand firstLine, Operand lines) {
    Arithmetic math = math();
    out()
        .loop(
            Operand.i64(0),
            tiles.rows(number),
            1,
            row -> {
              Operand of = math.add(tiles.first(number), row);
              Scope scope = points.bind(outer, run.product().rows(), of);
              Operand line = out().address("i8", sums, math.times(row, sumStride));
              out()
                  .loop(
                      Operand.i64(0),
                      lines,
                      1,
                      at -> {
                        Operand place = out().address(element, line, math.times(at, run.pitch()));
                        storeLine(bound(scope, math.add(firstLine, at)), place);
                      });
            });
  }

  Scope bound(Scope scope, Operand line) {
    return run.lines() == null ? scope : scope.with(run.lines().name(), line, run.lines().extent());
  }

  /**
   * Fetches what will be stored of a piece of a line, and read for it, while its sums are computed:
   * lines of other planes lie far apart, and each store would wait for memory.
   *
   * @param on the first element's place in the line
   * @param count elements, at most {@code most}
   */
  void expect(Scope scope, Operand on, Operand count, int most) {
    Scope at = scope.with(run.last().name(), on, run.last().extent());
    for (LoopNest.Store store : run.product().nest().stores()) {
      expect(store.buffer(), store.index(), at, count, most);
      Set<Expr.Load> loads = new LinkedHashSet<>();
      ExprWalk.visit(
          store.value(),
          expr -> {
            if (expr instanceof Expr.Load load) {
              loads.add(load);
            }
          });
      loads.forEach(load -> expect(load.buffer(), load.index(), at, count, most));
    }
  }

  private void expect(Buffer buffer, List<Expr> place, Scope at, Operand count, int most) {
    AffineIndex index = AffineIndex.flat(buffer, place);
    if (index == null
        || !index.coefficient(run.last().name()).is(1)
        || !at.values().keySet().containsAll(index.coefficients().keySet())) {
      return;
    }
    String stored = LlvmTypes.storage(buffer.dtype());
    Operand first = out().address(stored, function.pointer(buffer), points.position(index, at));
    for (long i = 0; i < most; i += CACHE_LINE / buffer.dtype().bytes()) {
      out().prefetch(out().address(stored, first, Operand.i64(i)));
    }
    out().prefetch(out().address(stored, first, math().subtract(count, Operand.i64(1))));
  }

  private void storeLine(Scope scope, Operand place) {
    long whole = run.width() / lanes * lanes;
    out()
        .loop(
            Operand.i64(0),
            Operand.i64(whole),
            lanes,
            on -> vector(scope, out().address(element, place, on), on, null));
    if (whole < run.width()) {
      Operand mask = out().mask(Operand.i64(run.width() - whole), lanes);
      Operand on = Operand.i64(whole);
      vector(scope, out().address(element, place, on), on, mask);
    }
  }

  /**
   * Stores a vector of a line.
   *
   * @param place its sums
   * @param on its first element's place in the line
   * @param mask which lanes there are; null for all
   */
  void vector(Scope scope, Operand place, Operand on, Operand mask) {
    String type = LlvmTypes.vector(element, lanes);
    Operand sum = out().load(type, place);
    String axis = run.last().name();
    ExpressionWriter writer =
        new ExpressionWriter(
            function,
            scope.with(axis, on, run.last().extent()),
            new Lanes(axis, lanes, mask),
            reduced -> sum);
    FinishedSums.store(run.product().nest().stores(), writer);
  }
}

package org.modelc.codegen.llvm.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.modelc.codegen.llvm.attention.AttentionRows.Head;
import org.modelc.codegen.llvm.attention.AttentionRows.Panel;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct.Left;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.ops.AttentionShape;

/**
 * The gradients of attention for one head: panels of queries, for each the shares of all keys anew.
 * Gradients of keys and values are sums over the panels.
 */
final class AttentionGradient {
  /** Rows of each tensor that are fetched after each tile. */
  private static final int FETCHED = 2;

  private final AttentionRows rows;
  private final AttentionShares shares;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final AttentionShape shape;
  private final Buffer cotangent;
  private final List<Buffer> results;
  private final Matrix keys;
  private final Matrix values;
  private final Matrix keySums;
  private final Matrix valueSums;
  private final Matrix ofShares;
  private final Matrix ofScores;
  private final Matrix queries;
  private final Matrix given;
  private final Matrix turnedQueries;
  private final Matrix turnedGiven;
  private final Matrix querySums;

  /**
   * @param results the gradients at q, k and v
   */
  AttentionGradient(
      AttentionShape shape, Buffer cotangent, List<Buffer> results, KernelFunction function) {
    this.rows = new AttentionRows(shape, function);
    this.out = rows.out;
    this.math = rows.math;
    this.shape = shape;
    this.cotangent = cotangent;
    this.results = results;
    this.keys = rows.scratch(shape.keys(), shape.size());
    this.values = rows.scratch(shape.keys(), shape.valueSize());
    this.keySums = rows.scratch(shape.keys(), shape.size());
    this.valueSums = rows.scratch(shape.keys(), shape.valueSize());
    this.ofShares = rows.scratch(shape.keys(), rows.columns);
    this.ofScores = rows.scratch(shape.keys(), rows.columns);
    this.queries = rows.scratch(rows.columns, shape.size());
    this.given = rows.scratch(rows.columns, shape.valueSize());
    this.turnedQueries = rows.turned(shape.size());
    this.turnedGiven = rows.turned(shape.valueSize());
    this.querySums = rows.scratch(rows.columns, shape.size());
    this.shares = new AttentionShares(rows, shape.keys());
  }

  void write() {
    out.loop(rows.function.first(), rows.function.second(), 1, this::task);
  }

  private void task(Operand task) {
    rows.fetch.begin(wanted(rows.head(rows.next(task))), FETCHED);
    head(rows.head(task));
  }

  /** What a head reads and writes. */
  private List<AttentionFetch.Rows> wanted(Head head) {
    return List.of(
        wanted(shape.k(), head, rows.keys, shape.size()),
        wanted(shape.v(), head, rows.keys, shape.valueSize()),
        wanted(shape.q(), head, rows.queries, shape.size()),
        wanted(cotangent, head, rows.queries, shape.valueSize()),
        wanted(results.get(0), head, rows.queries, shape.size()),
        wanted(results.get(1), head, rows.keys, shape.size()),
        wanted(results.get(2), head, rows.keys, shape.valueSize()));
  }

  private AttentionFetch.Rows wanted(Buffer buffer, Head head, Operand count, long size) {
    return new AttentionFetch.Rows(
        rows.rows(buffer, head, Operand.i64(0), count, size), count, size);
  }

  private void head(Head head) {
    Operand none = Operand.i64(0);
    Matrix ofKeys = rows.rows(shape.k(), head, none, rows.keys, shape.size());
    rows.copy(ofKeys, rows.keys, shape.size(), keys);
    Matrix ofValues = rows.rows(shape.v(), head, none, rows.keys, shape.valueSize());
    rows.copy(ofValues, rows.keys, shape.valueSize(), values);
    rows.clear(keySums, rows.keys, shape.size());
    rows.clear(valueSums, rows.keys, shape.valueSize());
    out.loop(
        none,
        rows.queries,
        rows.columns,
        first -> panel(rows.panel(head, first, math.subtract(rows.queries, first))));
    Matrix atKeys = rows.rows(results.get(1), head, none, rows.keys, shape.size());
    rows.store(keySums, rows.keys, shape.size(), atKeys);
    Matrix atValues = rows.rows(results.get(2), head, none, rows.keys, shape.valueSize());
    rows.store(valueSums, rows.keys, shape.valueSize(), atValues);
  }

  private void panel(Panel panel) {
    Seen seen = seen(panel);
    Operand any = math.isBelow(Operand.i64(0), seen.all);
    math.when(any, () -> keySums(panel, seen));
    querySums(panel, seen);
    Matrix to = rows.rows(results.get(0), panel.head(), panel.first(), rows.queries, shape.size());
    rows.store(querySums, panel.count(), shape.size(), to);
  }

  /**
   * How many keys, counted from the first, some queries of a panel see.
   *
   * @param early those that queries of the first vector see
   * @param all those that any query sees
   */
  private record Seen(Operand early, Operand all) {}

  private Seen seen(Panel panel) {
    Operand all = rows.limit(panel.last(math));
    if (!shape.causal()) {
      return new Seen(all, all);
    }
    Operand last = math.add(panel.first(), Operand.i64(rows.lanes - 1));
    return new Seen(rows.limit(math.minimum(last, panel.last(math))), all);
  }

  /** Shares and scores of a panel's queries, and what they add to the sums of keys and values. */
  private void keySums(Panel panel, Seen seen) {
    bring(panel, shape.q(), shape.size(), queries, turnedQueries);
    bring(panel, cotangent, shape.valueSize(), given, turnedGiven);
    scores(keys, turnedQueries, shape.size(), seen, ofShares);
    scores(values, turnedGiven, shape.valueSize(), seen, ofScores);
    late(
        seen,
        rest -> rows.each(rest, row -> out.store(rows.splat(0), at(ofScores, seen.early, row))));
    weigh(shares.keys(panel, Operand.i64(0), seen.all));
    sums(ofScores, queries, panel, shape.size(), seen, keySums);
    sums(ofShares, given, panel, shape.valueSize(), seen, valueSums);
  }

  private Operand at(Matrix matrix, Operand first, Operand row) {
    return rows.at(rows.from(matrix, first), row);
  }

  /** Writes code for keys that queries behind the first vector alone see, if there are any. */
  private void late(Seen seen, Consumer<Operand> body) {
    if (shape.causal()) {
      math.when(
          math.isBelow(seen.early, seen.all),
          () -> body.accept(math.subtract(seen.all, seen.early)));
    }
  }

  /** A row's part behind the first vector. */
  private Matrix behind(Matrix matrix) {
    return new Matrix(rows.at(matrix.address(), 1), matrix.stride());
  }

  /** Products of keys' and queries' rows, for pairs of keys and vectors of queries that meet. */
  private void scores(Matrix left, Matrix turned, long size, Seen seen, Matrix to) {
    Operand depth = Operand.i64(size);
    Operand early = seen.early;
    math.when(
        math.isBelow(Operand.i64(0), early),
        () ->
            rows.product.multiply(
                new Left(left, false), turned, depth, early, rows.columns, to, false));
    late(
        seen,
        rest ->
            rows.product.multiply(
                new Left(rows.from(left, early), false),
                behind(turned),
                depth,
                rest,
                rows.columns - rows.lanes,
                behind(rows.from(to, early)),
                false));
  }

  /** Adds, for each key, rows of queries times what the key has for them. */
  private void sums(Matrix factors, Matrix right, Panel panel, long size, Seen seen, Matrix to) {
    Operand early = seen.early;
    math.when(
        math.isBelow(Operand.i64(0), early),
        () ->
            rows.product.multiply(
                new Left(factors, false), right, panel.count(), early, size, to, true));
    Operand vector = Operand.i64(rows.lanes);
    late(
        seen,
        rest ->
            rows.product.multiply(
                new Left(behind(rows.from(factors, early)), false),
                rows.from(right, vector),
                math.subtract(panel.count(), vector),
                rest,
                size,
                rows.from(to, early),
                true));
  }

  /** The sums of keys' rows for each query. */
  private void querySums(Panel panel, Seen seen) {
    Operand vector = Operand.i64(rows.lanes);
    Operand first = shape.causal() ? math.minimum(panel.count(), vector) : panel.count();
    rows.product.multiply(
        new Left(ofScores, true), keys, seen.early, first, shape.size(), querySums, false);
    if (shape.causal()) {
      math.when(
          math.isBelow(vector, panel.count()),
          () ->
              rows.product.multiply(
                  new Left(behind(ofScores), true),
                  keys,
                  seen.all,
                  math.subtract(panel.count(), vector),
                  shape.size(),
                  rows.from(querySums, vector),
                  false));
    }
  }

  /** Copies rows of queries to where they lie close to each other, and turns them round. */
  private void bring(Panel panel, Buffer from, long size, Matrix copy, Matrix turned) {
    Matrix all = rows.rows(from, panel.head(), panel.first(), rows.queries, size);
    rows.copy(all, panel.count(), size, copy);
    rows.product.turn(copy, panel.count(), Operand.i64(size), turned.address());
  }

  /** Products of queries and keys to shares; the shares' cotangents to those of the products. */
  private void weigh(AttentionShares.Keys seen) {
    List<Operand> scale = rows.splats(shape.scale());
    List<Operand> greatest = shares.greatestScaled(seen, ofShares);
    List<Operand> totals = shares.exponentials(seen, ofShares, greatest);
    List<Operand> sums = shares.sumOfProducts(seen, ofShares, ofScores);
    List<Operand> means = new ArrayList<>();
    List<Operand> factors = new ArrayList<>();
    for (int i = 0; i < totals.size(); i++) {
      means.add(rows.quotient(sums.get(i), totals.get(i)));
      factors.add(rows.quotient(rows.splat(1), totals.get(i)));
    }
    rows.vectors(
        ofShares,
        seen.count(),
        (row, place, i) -> {
          Operand share = out.multiply(out.load(rows.vector, place), factors.get(i));
          out.store(share, place);
          Operand other = rows.at(rows.at(ofScores, row), i);
          Operand apart = out.subtract(out.load(rows.vector, other), means.get(i));
          out.store(out.multiply(out.multiply(share, apart), scale.get(i)), other);
        });
  }
}

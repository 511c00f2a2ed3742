package org.modelc.codegen.llvm.attention;

import java.util.ArrayList;
import java.util.List;
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
  private final Matrix part;

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
    this.querySums = rows.scratch(shape.size(), rows.columns);
    this.part = rows.turned(rows.columns);
    this.shares = new AttentionShares(rows, shape.keys());
  }

  void write() {
    out.loop(rows.function.first(), rows.function.second(), 1, task -> head(rows.head(task)));
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
    Operand seen = rows.limit(panel.last(math));
    Operand size = Operand.i64(shape.size());
    rows.fill(querySums, size, 0);
    math.when(math.isBelow(Operand.i64(0), seen), () -> panel(panel, seen));
    Matrix to = rows.rows(results.get(0), panel.head(), panel.first(), rows.queries, shape.size());
    rows.storeTurned(querySums, panel, shape.size(), part, to);
  }

  /** The part of a panel of queries that see some of so many keys. */
  private void panel(Panel panel, Operand seen) {
    Operand count = panel.count();
    Operand size = Operand.i64(shape.size());
    Operand valueSize = Operand.i64(shape.valueSize());
    int columns = rows.columns;
    bring(panel, shape.q(), shape.size(), queries, turnedQueries);
    bring(panel, cotangent, shape.valueSize(), given, turnedGiven);
    rows.product.multiply(
        new Left(keys, false), turnedQueries, size, seen, columns, ofShares, false);
    rows.product.multiply(
        new Left(values, false), turnedGiven, valueSize, seen, columns, ofScores, false);
    weigh(shares.keys(panel, Operand.i64(0), seen));
    rows.product.multiply(new Left(keys, true), ofScores, seen, size, columns, querySums, true);
    rows.product.multiply(
        new Left(ofScores, false), queries, count, seen, shape.size(), keySums, true);
    rows.product.multiply(
        new Left(ofShares, false), given, count, seen, shape.valueSize(), valueSums, true);
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
    rows.scale(ofShares, seen.count(), scale);
    List<Operand> greatest = shares.greatest(seen, ofShares, rows.splats(AttentionRows.HIDDEN));
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

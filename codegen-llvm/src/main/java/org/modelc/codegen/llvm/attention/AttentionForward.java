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
import org.modelc.runtime.spec.Dim;

/**
 * Attention of a block of queries of a head. Keys come in blocks; for each query the greatest score
 * so far, the sum of exponentials and the sum of values are kept and scaled when a greater score
 * comes (Milakov and Gimelshein 2018).
 */
final class AttentionForward {
  /** Queries of a task: keys and values are copied for each, so few of them would be dear. */
  static final int QUERIES = 128;

  /** Keys at a time, so that their scores stay in the first cache. */
  static final int KEYS = 128;

  /** Rows of each tensor that are fetched after each tile. */
  private static final int FETCHED = 4;

  private final AttentionRows rows;
  private final AttentionShares shares;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final AttentionShape shape;
  private final Buffer result;
  private final Matrix keys;
  private final Matrix values;
  private final Matrix scores;
  private final Matrix part;
  private final Matrix queries;
  private final Matrix sums;
  private final Matrix greatest;
  private final Matrix totals;

  AttentionForward(AttentionShape shape, Buffer result, KernelFunction function) {
    this.rows = new AttentionRows(shape, function);
    this.out = rows.out;
    this.math = rows.math;
    this.shape = shape;
    this.result = result;
    long panels = (QUERIES + rows.columns - 1) / rows.columns;
    this.keys = rows.scratch(KEYS, shape.size());
    this.values = rows.scratch(KEYS, shape.valueSize());
    this.scores = rows.scratch(KEYS, rows.columns);
    this.part = rows.turned(rows.columns);
    this.queries = rows.turned(panels * shape.size());
    this.sums = rows.scratch(panels * shape.valueSize(), rows.columns);
    this.greatest = rows.scratch(panels, rows.columns);
    this.totals = rows.scratch(panels, rows.columns);
    this.shares = new AttentionShares(rows, Dim.constant(KEYS));
  }

  /** A block of queries of one head. */
  private record Block(Head head, Operand first, Operand count) {}

  void write() {
    out.loop(
        rows.function.first(),
        rows.function.second(),
        1,
        task -> {
          rows.fetch.begin(wanted(of(rows.next(task))), FETCHED);
          block(of(task));
        });
  }

  private Block of(Operand task) {
    Operand blocks = math.ceiling(rows.queries, QUERIES);
    Operand first = math.times(math.remainder(task, blocks), QUERIES);
    Operand count = math.minimum(Operand.i64(QUERIES), math.subtract(rows.queries, first));
    return new Block(rows.head(math.divide(task, blocks)), first, count);
  }

  /** What a block reads, of keys and values the first ones, and writes. */
  private List<AttentionFetch.Rows> wanted(Block block) {
    Operand none = Operand.i64(0);
    Operand some = math.minimum(Operand.i64(KEYS), rows.keys);
    Head head = block.head;
    Matrix k = rows.rows(shape.k(), head, none, rows.keys, shape.size());
    Matrix v = rows.rows(shape.v(), head, none, rows.keys, shape.valueSize());
    Matrix q = rows.rows(shape.q(), head, block.first, rows.queries, shape.size());
    Matrix to = rows.rows(result, head, block.first, rows.queries, shape.valueSize());
    return List.of(
        new AttentionFetch.Rows(k, some, shape.size()),
        new AttentionFetch.Rows(v, some, shape.valueSize()),
        new AttentionFetch.Rows(q, block.count, shape.size()),
        new AttentionFetch.Rows(to, block.count, shape.valueSize()));
  }

  private void block(Block block) {
    Operand panels = math.ceiling(block.count, rows.columns);
    rows.each(panels, number -> begin(panel(block, number), number));
    Operand seen = rows.limit(math.subtract(math.add(block.first, block.count), Operand.i64(1)));
    out.loop(
        Operand.i64(0),
        seen,
        KEYS,
        key -> {
          Operand count = math.minimum(Operand.i64(KEYS), math.subtract(seen, key));
          copy(block.head, key, count);
          rows.each(panels, number -> add(panel(block, number), number, key, count));
        });
    rows.each(panels, number -> finish(panel(block, number), number));
  }

  private Panel panel(Block block, Operand number) {
    Operand first = math.times(number, rows.columns);
    return rows.panel(block.head, math.add(block.first, first), math.subtract(block.count, first));
  }

  private void copy(Head head, Operand key, Operand count) {
    Matrix ofKeys = rows.rows(shape.k(), head, key, rows.keys, shape.size());
    rows.copy(ofKeys, count, shape.size(), keys);
    Matrix ofValues = rows.rows(shape.v(), head, key, rows.keys, shape.valueSize());
    rows.copy(ofValues, count, shape.valueSize(), values);
  }

  private Matrix queries(Operand number) {
    return rows.from(queries, math.times(number, shape.size()));
  }

  private Matrix sums(Operand number) {
    return rows.from(sums, math.times(number, shape.valueSize()));
  }

  private void begin(Panel panel, Operand number) {
    Matrix from = rows.rows(shape.q(), panel.head(), panel.first(), rows.queries, shape.size());
    Matrix to = queries(number);
    Operand size = Operand.i64(shape.size());
    rows.product.turn(from, panel.count(), size, to.address());
    rows.scale(to, size, rows.splats(shape.scale()));
    rows.fill(sums(number), Operand.i64(shape.valueSize()), 0);
    rows.fill(rows.from(greatest, number), Operand.i64(1), AttentionRows.HIDDEN);
    rows.fill(rows.from(totals, number), Operand.i64(1), 0);
  }

  /** Adds those keys of a block that the queries see to what they have seen. */
  private void add(Panel panel, Operand number, Operand key, Operand count) {
    Operand below = math.subtract(rows.limit(panel.last(math)), key);
    Operand some = shape.causal() ? math.minimum(count, below) : count;
    math.when(
        math.isBelow(Operand.i64(0), some),
        () -> addSome(number, some, shares.keys(panel, key, some)));
  }

  private void addSome(Operand number, Operand some, AttentionShares.Keys seen) {
    Operand size = Operand.i64(shape.size());
    rows.product.multiply(
        new Left(keys, false), queries(number), size, some, rows.columns, scores, false);
    List<Operand> before = rows.load(greatest, number);
    List<Operand> now = shares.greatest(seen, scores, before);
    List<Operand> more = shares.exponentials(seen, scores, now);
    List<Operand> factors = new ArrayList<>();
    List<Operand> sum = new ArrayList<>();
    List<Operand> total = rows.load(totals, number);
    for (int i = 0; i < now.size(); i++) {
      factors.add(rows.exponential(out.subtract(before.get(i), now.get(i))));
      sum.add(out.add(out.multiply(total.get(i), factors.get(i)), more.get(i)));
    }
    rows.store(sum, totals, number);
    rows.store(now, greatest, number);
    Operand valueSize = Operand.i64(shape.valueSize());
    rows.scale(sums(number), valueSize, factors);
    rows.product.multiply(
        new Left(values, true), scores, some, valueSize, rows.columns, sums(number), true);
  }

  private void finish(Panel panel, Operand number) {
    Matrix sum = sums(number);
    List<Operand> total = rows.load(totals, number);
    rows.vectors(
        sum,
        Operand.i64(shape.valueSize()),
        (row, place, i) -> {
          Operand value = out.load(rows.vector, place);
          out.store(rows.quotient(value, total.get(i)), place);
        });
    Matrix to = rows.rows(result, panel.head(), panel.first(), rows.queries, shape.valueSize());
    rows.storeTurned(sum, panel, shape.valueSize(), part, to);
  }
}

package org.modelc.codegen.llvm.attention;

import java.util.List;
import org.modelc.codegen.llvm.attention.AttentionRows.Head;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.ir.kernel.Buffer;
import org.modelc.runtime.spec.Dim;

/**
 * Attention of a block of queries of a head. Keys come in blocks; for each query the greatest score
 * so far, the sum of exponentials and the sum of values are kept and scaled when a greater score
 * comes (Milakov and Gimelshein 2018).
 */
final class AttentionForward {
  /** Queries of a task: a block of keys is packed for each, so few of them would be dear. */
  static final int QUERIES = 64;

  /** Keys at a time, so that their scores stay in the first cache. */
  static final int KEYS = 128;

  private final AttentionRows rows;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final AttentionShape shape;
  private final Buffer result;
  private final Operand panels;
  private final Matrix scores;
  private final Matrix sums;
  private final Matrix part;
  private final Matrix greatest;
  private final Matrix totals;
  private final Matrix factors;
  private long scratchBytes;

  AttentionForward(AttentionShape shape, Buffer result, KernelFunction function) {
    this.rows = new AttentionRows(shape, function);
    this.out = rows.out;
    this.math = rows.math;
    this.shape = shape;
    this.result = result;
    long values = rows.padded(shape.valueSize());
    this.panels = scratch(1, rows.padded(KEYS) * shape.size()).address();
    this.scores = scratch(QUERIES, rows.padded(KEYS));
    this.sums = scratch(QUERIES, values);
    this.part = scratch(QUERIES, values);
    this.greatest = scratch(QUERIES, 1);
    this.totals = scratch(QUERIES, 1);
    this.factors = scratch(QUERIES, 1);
  }

  private Matrix scratch(long lines, long columns) {
    long size = (lines * columns * rows.bytes + 63) / 64 * 64;
    Operand address = rows.function.scratch(Dim.constant(scratchBytes), Dim.constant(size));
    scratchBytes += size;
    return new Matrix(address, Operand.i64(columns * rows.bytes));
  }

  /** A block of queries of one head. */
  private record Block(Head head, Operand first, Operand count) {}

  void write() {
    Operand blocks = math.ceiling(rows.queries, QUERIES);
    out.loop(
        rows.function.first(),
        rows.function.second(),
        1,
        task -> {
          Operand first = math.times(math.remainder(task, blocks), QUERIES);
          Operand count = math.minimum(Operand.i64(QUERIES), math.subtract(rows.queries, first));
          block(new Block(rows.head(math.divide(task, blocks)), first, count));
        });
  }

  private void block(Block block) {
    out.loop(Operand.i64(0), block.count, 1, this::clear);
    Operand lastQuery = out.subtract(out.add(block.first, block.count), Operand.i64(1));
    Operand seen = rows.limit(lastQuery);
    out.loop(Operand.i64(0), seen, KEYS, key -> keys(block, key, math.subtract(seen, key)));
    out.loop(Operand.i64(0), block.count, 1, row -> finish(block, row));
  }

  private void clear(Operand row) {
    out.store(rows.number(AttentionRows.HIDDEN), rows.at(greatest, row));
    out.store(rows.number(0), rows.at(totals, row));
    Operand sum = rows.at(sums, row);
    rows.vectors(
        Operand.i64(shape.valueSize()),
        lane -> out.store(rows.splat(0), out.address(rows.element, sum, lane)));
  }

  /** Adds a block of keys to what the queries have seen. */
  private void keys(Block block, Operand key, Operand left) {
    Operand count = math.minimum(Operand.i64(KEYS), left);
    Operand size = Operand.i64(shape.size());
    Matrix keys = rows.rows(shape.k(), block.head, key, rows.keys, shape.size());
    Matrix queries = rows.rows(shape.q(), block.head, block.first, rows.queries, shape.size());
    rows.product.pack(keys, count, size, panels);
    rows.product.panels(queries, panels, size, block.count, count, scores);
    out.loop(Operand.i64(0), block.count, 1, row -> shares(block, row, key, count));
    Matrix values = rows.rows(shape.v(), block.head, key, rows.keys, shape.valueSize());
    rows.product.columns(scores, false, values, count, block.count, shape.valueSize(), part);
    out.loop(Operand.i64(0), block.count, 1, this::add);
  }

  /** Turns a row of scores into exponentials. */
  private void shares(Block block, Operand row, Operand key, Operand count) {
    Operand query = out.add(block.first, row);
    Operand visible = math.minimum(count, out.subtract(rows.limit(query), key));
    Operand mask = rows.mask(block.head, query, key);
    Operand line = rows.at(scores, row);
    Operand before = out.load(rows.element, rows.at(greatest, row));
    Operand most =
        out.loop(
                Operand.i64(0),
                visible,
                rows.lanes,
                List.of(rows.splat(before)),
                (lane, carried) -> {
                  Operand score = rows.score(line, lane, visible, mask);
                  return List.of(rows.maximum(carried.get(0), score));
                })
            .get(0);
    Operand now = out.joinLanes(most, rows::maximum);
    Operand sum =
        out.loop(
                Operand.i64(0),
                count,
                rows.lanes,
                List.of(rows.splat(0)),
                (lane, carried) -> {
                  Operand share = rows.exponential(line, lane, visible, mask, now);
                  return List.of(out.add(carried.get(0), share));
                })
            .get(0);
    Operand factor = out.extract(rows.exponential(rows.splat(out.subtract(before, now))), 0);
    Operand total = rows.at(totals, row);
    Operand scaled = out.multiply(out.load(rows.element, total), factor);
    out.store(out.add(scaled, out.joinLanes(sum, out::add)), total);
    out.store(now, rows.at(greatest, row));
    out.store(factor, rows.at(factors, row));
  }

  private void add(Operand row) {
    Operand factor = rows.splat(out.load(rows.element, rows.at(factors, row)));
    Operand sum = rows.at(sums, row);
    Operand more = rows.at(part, row);
    rows.vectors(
        Operand.i64(shape.valueSize()),
        lane -> {
          Operand place = out.address(rows.element, sum, lane);
          Operand old = out.multiply(out.load(rows.vector, place), factor);
          Operand next = out.load(rows.vector, out.address(rows.element, more, lane));
          out.store(out.add(old, next), place);
        });
  }

  private void finish(Block block, Operand row) {
    Operand query = out.add(block.first, row);
    Matrix to = rows.rows(result, block.head, query, rows.queries, shape.valueSize());
    Operand total = rows.splat(out.load(rows.element, rows.at(totals, row)));
    Operand sum = rows.at(sums, row);
    rows.vectors(
        Operand.i64(shape.valueSize()),
        lane -> {
          Operand value = out.load(rows.vector, out.address(rows.element, sum, lane));
          Operand mean = rows.quotient(value, total);
          rows.storeTail(mean, to.address(), lane, shape.valueSize());
        });
  }
}

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
 * The gradients of attention for one head: blocks of queries from the last to the first, for each
 * the shares of all keys anew. Gradients of keys and values are sums over the blocks: the last
 * block, whose queries see most, writes them, the others add to them.
 */
final class AttentionGradient {
  static final int QUERIES = 64;

  private final AttentionRows rows;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final AttentionShape shape;
  private final Buffer cotangent;
  private final List<Buffer> results;
  private final Operand keyPanels;
  private final Operand valuePanels;
  private final Matrix shares;
  private final Matrix ofShares;
  private final Matrix part;
  private Dim scratchBytes = Dim.ZERO;

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
    int columns = rows.product.panelColumns();
    Operand stride = math.times(math.times(math.ceiling(rows.keys, columns), columns), rows.bytes);
    long size = rows.padded(shape.size());
    long valueSize = rows.padded(shape.valueSize());
    long larger = Math.max(size, valueSize);
    this.keyPanels = scratch(size);
    this.valuePanels = scratch(valueSize);
    this.shares = new Matrix(scratch(QUERIES), stride);
    this.ofShares = new Matrix(scratch(QUERIES), stride);
    this.part = new Matrix(scratch(larger), Operand.i64(larger * rows.bytes));
  }

  /** Memory for so many elements, a multiple of 16, for each key and those that fill its panel. */
  private Operand scratch(long elements) {
    Dim keys = shape.keys().plus(Dim.constant(rows.product.panelColumns()));
    Dim size = keys.times(Dim.constant(elements * rows.bytes));
    Operand address = rows.function.scratch(scratchBytes, size);
    scratchBytes = scratchBytes.plus(size);
    return address;
  }

  /** A block of queries and the number of keys, from the first, that one of them sees. */
  private record Block(Head head, Operand first, Operand count, Operand seen) {}

  void write() {
    out.loop(rows.function.first(), rows.function.second(), 1, task -> head(rows.head(task)));
  }

  private void head(Head head) {
    Operand none = Operand.i64(0);
    Matrix keys = rows.rows(shape.k(), head, none, rows.keys, shape.size());
    Matrix values = rows.rows(shape.v(), head, none, rows.keys, shape.valueSize());
    rows.product.pack(keys, rows.keys, Operand.i64(shape.size()), keyPanels);
    rows.product.pack(values, rows.keys, Operand.i64(shape.valueSize()), valuePanels);
    Operand blocks = math.ceiling(rows.queries, QUERIES);
    out.loop(
        none,
        blocks,
        1,
        done -> {
          Operand number = out.subtract(out.subtract(blocks, Operand.i64(1)), done);
          Operand first = math.times(number, QUERIES);
          Operand count = math.minimum(Operand.i64(QUERIES), math.subtract(rows.queries, first));
          Operand last = out.subtract(out.add(first, count), Operand.i64(1));
          block(new Block(head, first, count, rows.limit(last)), keys, done);
        });
  }

  private void block(Block block, Matrix keys, Operand done) {
    Matrix queries = rows.rows(shape.q(), block.head, block.first, rows.queries, shape.size());
    Matrix given = rows.rows(cotangent, block.head, block.first, rows.queries, shape.valueSize());
    Operand size = Operand.i64(shape.size());
    Operand valueSize = Operand.i64(shape.valueSize());
    rows.product.panels(queries, keyPanels, size, block.count, block.seen, shares);
    rows.product.panels(given, valuePanels, valueSize, block.count, block.seen, ofShares);
    out.loop(Operand.i64(0), block.count, 1, row -> row(block, row));
    Matrix atQueries =
        rows.rows(results.get(0), block.head, block.first, rows.queries, shape.size());
    rows.product.columns(ofShares, false, keys, block.seen, block.count, shape.size(), atQueries);
    sum(block, ofShares, queries, results.get(1), shape.size(), done);
    sum(block, shares, given, results.get(2), shape.valueSize(), done);
  }

  /** Adds what a block of queries gives to the gradient of keys or values. */
  private void sum(Block block, Matrix weights, Matrix of, Buffer target, long size, Operand done) {
    Matrix all = rows.rows(target, block.head, Operand.i64(0), rows.keys, size);
    Operand any = out.compare("icmp sgt", block.seen, Operand.i64(0));
    Operand isFirst = out.compare("icmp eq", done, Operand.i64(0));
    out.when(
        out.binary("and", any, isFirst),
        () -> rows.product.columns(weights, true, of, block.count, block.seen, size, all));
    Operand isLater = out.compare("icmp ne", done, Operand.i64(0));
    out.when(
        out.binary("and", any, isLater),
        () -> {
          rows.product.columns(weights, true, of, block.count, block.seen, size, part);
          out.loop(Operand.i64(0), block.seen, 1, key -> add(all, key, size));
        });
  }

  private void add(Matrix all, Operand key, long size) {
    Operand to = rows.at(all, key);
    Operand from = rows.at(part, key);
    rows.vectors(
        Operand.i64(size),
        lane -> {
          Operand old = rows.loadTail(to, lane, size);
          Operand more = out.load(rows.vector, out.address(rows.element, from, lane));
          rows.storeTail(out.add(old, more), to, lane, size);
        });
  }

  /** Scores to shares; the shares' cotangents to those of the products. */
  private void row(Block block, Operand row) {
    Operand query = out.add(block.first, row);
    Operand visible = rows.limit(query);
    Operand mask = rows.mask(block.head, query, Operand.i64(0));
    Operand line = rows.at(shares, row);
    Operand given = rows.at(ofShares, row);
    Operand total = exponentials(block, line, visible, mask);
    Operand mean = mean(block, line, given, total);
    Operand scale = rows.splat(shape.scale());
    rows.vectors(
        block.seen,
        lane -> {
          Operand share = out.load(rows.vector, out.address(rows.element, line, lane));
          Operand place = out.address(rows.element, given, lane);
          Operand apart = out.subtract(out.load(rows.vector, place), mean);
          out.store(out.multiply(out.multiply(share, apart), scale), place);
        });
  }

  /** Gives their sum, in all lanes. */
  private Operand exponentials(Block block, Operand line, Operand visible, Operand mask) {
    Operand most =
        out.loop(
                Operand.i64(0),
                visible,
                rows.lanes,
                List.of(rows.splat(AttentionRows.HIDDEN)),
                (lane, carried) -> {
                  Operand score = rows.score(line, lane, visible, mask);
                  return List.of(rows.maximum(carried.get(0), score));
                })
            .get(0);
    Operand greatest = out.joinLanes(most, rows::maximum);
    Operand sum =
        out.loop(
                Operand.i64(0),
                block.seen,
                rows.lanes,
                List.of(rows.splat(0)),
                (lane, carried) -> {
                  Operand share = rows.exponential(line, lane, visible, mask, greatest);
                  return List.of(out.add(carried.get(0), share));
                })
            .get(0);
    return rows.splat(out.joinLanes(sum, out::add));
  }

  /** Divides exponentials by their sum; gives the mean cotangent of the shares in all lanes. */
  private Operand mean(Block block, Operand line, Operand given, Operand total) {
    Operand sum =
        out.loop(
                Operand.i64(0),
                block.seen,
                rows.lanes,
                List.of(rows.splat(0)),
                (lane, carried) -> {
                  Operand place = out.address(rows.element, line, lane);
                  Operand share = rows.quotient(out.load(rows.vector, place), total);
                  out.store(share, place);
                  Operand inside = out.mask(out.subtract(block.seen, lane), rows.lanes);
                  Operand other = out.load(rows.vector, out.address(rows.element, given, lane));
                  Operand product = out.multiply(share, other);
                  Operand counted = out.select(inside, product, rows.splat(0));
                  return List.of(out.add(carried.get(0), counted));
                })
            .get(0);
    return rows.splat(out.joinLanes(sum, out::add));
  }
}

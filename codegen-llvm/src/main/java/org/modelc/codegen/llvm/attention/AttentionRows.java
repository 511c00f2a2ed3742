package org.modelc.codegen.llvm.attention;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.ir.ops.AttentionShape;
import org.modelc.runtime.spec.Dim;

/**
 * What attention and its gradient share: where a head's rows lie, copies of them, and the worker's
 * memory. Queries stand side by side in the lanes of vectors, so what is joined over keys is joined
 * lane by lane.
 */
final class AttentionRows {
  /** Stands for the score of a key that is not seen; its exponential is 0. */
  static final double HIDDEN = -1e30;

  /** Elements of a row of the worker's memory are a multiple of so many: a cache line. */
  private static final int LINE = 16;

  final AttentionShape shape;
  final KernelFunction function;
  final FunctionWriter out;
  final Arithmetic math;
  final TaskProduct product;
  final AttentionFetch fetch;
  final String element;
  final String vector;
  final int lanes;
  final int bytes;
  final int columns;
  final Operand queries;
  final Operand keys;
  private Dim scratchBytes = Dim.ZERO;

  AttentionRows(AttentionShape shape, KernelFunction function) {
    this.shape = shape;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.bytes = shape.dtype().bytes();
    this.lanes = function.target().lanes() * 4 / bytes;
    this.element = LlvmTypes.value(shape.dtype());
    this.vector = LlvmTypes.vector(element, lanes);
    this.queries = function.dim(shape.queries());
    this.keys = function.dim(shape.keys());
    this.fetch = new AttentionFetch(this);
    this.product = new TaskProduct(out, function.target(), shape.dtype(), fetch::some);
    this.columns = product.columns();
  }

  /** Batch and head of a task. */
  record Head(Operand batch, Operand head) {}

  Head head(Operand number) {
    Operand heads = Operand.i64(shape.heads());
    return new Head(math.divide(number, heads), math.remainder(number, heads));
  }

  /** The task after one, or the worker's last. */
  Operand next(Operand task) {
    Operand last = math.subtract(function.second(), Operand.i64(1));
    return math.minimum(math.add(task, Operand.i64(1)), last);
  }

  /** Queries of a head that stand side by side, at most {@link #columns}. */
  record Panel(Head head, Operand first, Operand count) {
    Operand last(Arithmetic math) {
      return math.subtract(math.add(first, count), Operand.i64(1));
    }
  }

  /** Some of the queries from one on, as many as stand side by side. */
  Panel panel(Head head, Operand first, Operand rest) {
    return new Panel(head, first, math.minimum(Operand.i64(columns), rest));
  }

  /** A head's rows of a tensor {@code [batch…, rows, heads·size]}, from one of them on. */
  Matrix rows(Buffer buffer, Head head, Operand first, Operand rows, long size) {
    Operand row = math.add(math.times(head.batch(), rows), first);
    Operand place = math.add(math.times(row, shape.heads() * size), math.times(head.head(), size));
    Operand stride = Operand.i64(shape.heads() * size * bytes);
    return new Matrix(out.address(element, function.pointer(buffer), place), stride);
  }

  /** A matrix of the worker's memory; its rows have room for whole vectors. */
  Matrix scratch(Dim lines, long elements) {
    long stride = (elements + LINE - 1) / LINE * LINE * bytes;
    Dim size = lines.times(Dim.constant(stride));
    Operand address = function.scratch(scratchBytes, size);
    scratchBytes = scratchBytes.plus(size);
    return new Matrix(address, Operand.i64(stride));
  }

  Matrix scratch(long lines, long elements) {
    return scratch(Dim.constant(lines), elements);
  }

  /** A matrix of the worker's memory whose rows are as {@link TaskProduct#turn} leaves them. */
  Matrix turned(long lines) {
    return new Matrix(scratch(lines, columns).address(), Operand.i64((long) columns * bytes));
  }

  /** A row of a matrix. */
  Operand at(Matrix matrix, Operand row) {
    return math.on(matrix.address(), math.times(row, matrix.stride()));
  }

  /** A vector of a row. */
  Operand at(Operand row, int number) {
    return out.address(element, row, Operand.i64((long) number * lanes));
  }

  /** A matrix from one of its rows on. */
  Matrix from(Matrix matrix, Operand row) {
    return new Matrix(at(matrix, row), matrix.stride());
  }

  /** Vectors of a row of queries. */
  int vectors() {
    return columns / lanes;
  }

  Operand splat(double value) {
    return out.splat(Operand.number(element, value), lanes);
  }

  /** e to the power of each lane, none of which is above 0; from -87 on down what it is there. */
  Operand exponential(Operand x) {
    Operand least = splat(-87);
    Operand clamped = out.select(out.compare("fcmp olt", x, least), least, x);
    Expr expression = ScalarExpansion.moderateExponential(new Expr.Var("x", shape.dtype()));
    ExpressionWriter.Scope scope = ExpressionWriter.Scope.empty();
    scope.values().put("x", clamped);
    ExpressionWriter.Lanes all = new ExpressionWriter.Lanes(null, lanes, null);
    return new ExpressionWriter(function, scope, all, null).value(expression);
  }

  /**
   * The number of keys, counted from the first, of which a query sees some or all; at least 0.
   *
   * @param query its number
   */
  Operand limit(Operand query) {
    if (!shape.causal()) {
      return keys;
    }
    Operand next = math.add(math.add(query, earlier()), Operand.i64(1));
    return math.maximum(Operand.i64(0), math.minimum(keys, next));
  }

  /** Keys that even a first query sees; less than 0 if the first ones see none. */
  Operand earlier() {
    return math.subtract(keys, queries);
  }

  /** A quotient by a sum of exponentials; 0 where a query sees no key. */
  Operand quotient(Operand value, Operand total) {
    Operand quotient = out.binary("fdiv", value, total);
    if (shape.seesAlways()) {
      return quotient;
    }
    Operand none = out.compare("fcmp oeq", total, splat(0));
    return out.select(none, splat(0), quotient);
  }

  /** Copies a head's rows to where they lie close to each other. */
  void copy(Matrix from, Operand lines, long size, Matrix to) {
    each(
        lines,
        row -> {
          Operand source = at(from, row);
          Operand target = at(to, row);
          lanes(
              size,
              (lane, mask) -> {
                Operand place = out.address(element, source, lane);
                Operand value =
                    mask == null ? out.load(vector, place) : out.maskedLoad(vector, place, mask);
                out.store(value, out.address(element, target, lane));
              });
        });
  }

  /** Copies rows of the worker's memory to a head's. */
  void store(Matrix from, Operand lines, long size, Matrix to) {
    each(
        lines,
        row -> {
          Operand source = at(from, row);
          Operand target = at(to, row);
          lanes(
              size,
              (lane, mask) -> {
                Operand value = out.load(vector, out.address(element, source, lane));
                Operand place = out.address(element, target, lane);
                if (mask == null) {
                  out.store(value, place);
                } else {
                  out.maskedStore(value, place, mask);
                }
              });
        });
  }

  /** What is done with the lanes of a row from one on; the mask is null where all of them exist. */
  private interface LaneBody {
    void write(Operand first, Operand mask);
  }

  private void lanes(long size, LaneBody body) {
    long whole = size / lanes * lanes;
    out.loop(Operand.i64(0), Operand.i64(whole), lanes, lane -> body.write(lane, null));
    if (whole < size) {
      body.write(Operand.i64(whole), out.mask(Operand.i64(size - whole), lanes));
    }
  }

  /** Columns for queries, a query each, to a tensor's rows. */
  void storeTurned(Matrix from, Panel panel, long size, Matrix rows, Matrix to) {
    for (long first = 0; first < size; first += columns) {
      long some = Math.min(columns, size - first);
      Operand place = Operand.i64(first);
      product.turn(from(from, place), Operand.i64(some), panel.count(), rows.address());
      Operand target = out.address(element, to.address(), place);
      store(rows, panel.count(), some, new Matrix(target, to.stride()));
    }
  }

  /** Calls a body for each vector of some rows for queries. */
  void vectors(Matrix matrix, Operand lines, VectorBody body) {
    each(
        lines,
        row -> {
          Operand line = at(matrix, row);
          for (int number = 0; number < vectors(); number++) {
            body.write(row, at(line, number), number);
          }
        });
  }

  /** What is done with a vector of a row. */
  interface VectorBody {
    void write(Operand row, Operand place, int number);
  }

  /** Multiplies rows by a vector of factors. */
  void scale(Matrix matrix, Operand lines, List<Operand> factors) {
    vectors(
        matrix,
        lines,
        (row, place, number) ->
            out.store(out.multiply(out.load(vector, place), factors.get(number)), place));
  }

  /** A number in all lanes of a row for queries. */
  List<Operand> splats(double value) {
    return Collections.nCopies(vectors(), splat(value));
  }

  /** Sets rows to 0. */
  void clear(Matrix matrix, Operand lines, long size) {
    each(
        lines,
        row -> {
          Operand line = at(matrix, row);
          out.loop(
              Operand.i64(0),
              Operand.i64(size),
              lanes,
              lane -> out.store(splat(0), out.address(element, line, lane)));
        });
  }

  /** Sets rows for queries to a number. */
  void fill(Matrix matrix, Operand lines, double value) {
    vectors(matrix, lines, (row, place, number) -> out.store(splat(value), place));
  }

  /** A row for queries. */
  List<Operand> load(Matrix matrix, Operand row) {
    Operand line = at(matrix, row);
    return IntStream.range(0, vectors())
        .mapToObj(number -> out.load(vector, at(line, number)))
        .toList();
  }

  /** Stores a row for queries. */
  void store(List<Operand> values, Matrix matrix, Operand row) {
    Operand line = at(matrix, row);
    for (int number = 0; number < vectors(); number++) {
      out.store(values.get(number), at(line, number));
    }
  }

  /** Calls a body for each row's number. */
  void each(Operand lines, Consumer<Operand> body) {
    out.loop(Operand.i64(0), lines, 1, body);
  }
}

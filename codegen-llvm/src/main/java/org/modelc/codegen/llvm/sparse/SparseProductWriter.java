package org.modelc.codegen.llvm.sparse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.runtime.spec.Dim;

/**
 * Writes the product of some panels. Few rows gather what the elements of all columns of a panel
 * are multiplied with; of many rows, a block is turned round, so that an element is multiplied with
 * whole vectors. Both add up in the order of the panel's steps, so that an element of the result
 * has the same bits in a call of any size.
 */
final class SparseProductWriter {
  /** From so many rows on they are turned round. */
  static final int FEW = 6;

  private static final String ELEMENT = "float";
  private static final String INDEX = "i32";
  private static final int BYTES = 4;
  private static final int LINE = 64;

  /** Columns whose sums stay in registers together, by the vectors that a row of sums takes. */
  private static final int COLUMNS = 8;

  private static final int COLUMNS_WITH_FEW_REGISTERS = 4;
  private static final int MANY_REGISTERS = 32;

  private final SparseProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final TaskProduct turning;
  private final int lanes;
  private final String vector;
  private final int together;
  private final Operand rows;
  private final Operand turned;
  private final Operand sums;

  SparseProductWriter(SparseProduct product, KernelFunction function) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.turning = new TaskProduct(out, function.target(), product.x().dtype());
    this.lanes = function.target().lanes();
    this.vector = LlvmTypes.vector(ELEMENT, lanes);
    boolean many = function.target().level().registers() >= MANY_REGISTERS;
    this.together = many ? COLUMNS : COLUMNS_WITH_FEW_REGISTERS;
    this.rows = function.dim(product.rows());
    long block = (long) turning.columns() * BYTES;
    Dim turnedBytes = Dim.constant((product.depth() * block + LINE - 1) / LINE * LINE);
    this.turned = function.scratch(Dim.ZERO, turnedBytes);
    this.sums = function.scratch(turnedBytes, Dim.constant(SparseTemplate.PANEL * block));
  }

  /** The panels from the function's first number to below its second. */
  void write() {
    math.when(
        math.isBelow(rows, Operand.i64(FEW)),
        () -> out.loop(Operand.i64(0), rows, 1, this::gathered),
        () -> out.loop(Operand.i64(0), rows, turning.columns(), this::block));
  }

  /** The steps of a panel. */
  private record Steps(Operand panel, Operand from, Operand to) {}

  private Steps steps(Operand panel) {
    Operand place = out.address(INDEX, function.pointer(product.starts()), panel);
    Operand from = out.convert("sext", out.load(INDEX, place), "i64");
    Operand next = out.address(INDEX, place, Operand.i64(1));
    return new Steps(panel, from, out.convert("sext", out.load(INDEX, next), "i64"));
  }

  private void gathered(Operand row) {
    Operand x =
        out.address(ELEMENT, function.pointer(product.x()), math.times(row, product.depth()));
    out.loop(
        function.first(),
        function.second(),
        1,
        panel -> {
          Steps steps = steps(panel);
          List<Operand> zeros =
              Collections.nCopies(SparseTemplate.PANEL / lanes, Operand.zero(vector));
          List<Operand> sum =
              out.loop(steps.from, steps.to, 1, zeros, (step, before) -> gather(x, step, before));
          storeRow(sum, row, panel);
        });
  }

  private List<Operand> gather(Operand x, Operand step, List<Operand> before) {
    List<Operand> next = new ArrayList<>();
    Operand first = math.times(step, SparseTemplate.PANEL);
    Operand all = Operand.TRUE.splatConstant(lanes);
    for (int i = 0; i < before.size(); i++) {
      Operand place = math.add(first, Operand.i64((long) i * lanes));
      Operand value =
          out.load(vector, out.address(ELEMENT, function.pointer(product.values()), place));
      Operand index =
          out.load(
              LlvmTypes.vector(INDEX, lanes),
              out.address(INDEX, function.pointer(product.places()), place));
      Operand others = out.gather(vector, out.address(ELEMENT, x, index), all);
      next.add(out.multiplyAdd(value, others, before.get(i)));
    }
    return next;
  }

  private void storeRow(List<Operand> sum, Operand row, Operand panel) {
    Operand first = math.times(panel, SparseTemplate.PANEL);
    Operand line = math.add(math.times(row, product.columns()), first);
    for (int i = 0; i < sum.size(); i++) {
      Operand lane = Operand.i64((long) i * lanes);
      Operand place =
          out.address(ELEMENT, function.pointer(product.result()), math.add(line, lane));
      if (product.columns() % SparseTemplate.PANEL == 0) {
        out.store(sum.get(i), place);
      } else {
        Operand rest = math.subtract(Operand.i64(product.columns()), math.add(first, lane));
        out.maskedStore(sum.get(i), place, out.mask(rest, lanes));
      }
    }
  }

  private void block(Operand first) {
    Operand count = math.minimum(Operand.i64(turning.columns()), math.subtract(rows, first));
    Operand x =
        out.address(ELEMENT, function.pointer(product.x()), math.times(first, product.depth()));
    Matrix from = new Matrix(x, Operand.i64(product.depth() * BYTES));
    turning.turn(from, count, Operand.i64(product.depth()), turned);
    out.loop(
        function.first(),
        function.second(),
        1,
        panel -> {
          Steps steps = steps(panel);
          for (int column = 0; column < SparseTemplate.PANEL; column += together) {
            columns(steps, column);
          }
          out.loop(
              Operand.i64(0),
              count,
              1,
              row -> storeRow(turnedSums(row), math.add(first, row), panel));
        });
  }

  /** The sums of some columns for all rows of a block, to the worker's memory. */
  private void columns(Steps steps, int column) {
    int vectors = turning.columns() / lanes;
    List<Operand> zeros = Collections.nCopies(together * vectors, Operand.zero(vector));
    List<Operand> sum =
        out.loop(
            steps.from, steps.to, 1, zeros, (step, before) -> step(step, column, before, vectors));
    for (int i = 0; i < sum.size(); i++) {
      long place = (long) (column + i / vectors) * turning.columns() + (long) i % vectors * lanes;
      out.store(sum.get(i), out.address(ELEMENT, sums, Operand.i64(place)));
    }
  }

  private List<Operand> step(Operand step, int column, List<Operand> before, int vectors) {
    List<Operand> next = new ArrayList<>();
    Operand first = math.times(step, SparseTemplate.PANEL);
    for (int each = 0; each < together; each++) {
      Operand place = math.add(first, Operand.i64(column + each));
      Operand value =
          out.load(ELEMENT, out.address(ELEMENT, function.pointer(product.values()), place));
      Operand index =
          out.load(INDEX, out.address(INDEX, function.pointer(product.places()), place));
      Operand line =
          out.address(
              ELEMENT, turned, math.times(out.convert("sext", index, "i64"), turning.columns()));
      for (int i = 0; i < vectors; i++) {
        Operand others =
            out.load(vector, out.address(ELEMENT, line, Operand.i64((long) i * lanes)));
        Operand so = before.get(each * vectors + i);
        next.add(out.multiplyAdd(out.splat(value, lanes), others, so));
      }
    }
    return next;
  }

  /** A row of a panel's sums, which lie column by column. */
  private List<Operand> turnedSums(Operand row) {
    List<Operand> sum = new ArrayList<>();
    Operand column = out.address(ELEMENT, sums, row);
    Operand apart = Operand.i64(turning.columns());
    Operand places = out.multiply(out.lanes("i64", lanes), out.splat(apart, lanes));
    for (int first = 0; first < SparseTemplate.PANEL; first += lanes) {
      Operand from = out.address(ELEMENT, column, Operand.i64((long) first * turning.columns()));
      sum.add(
          out.gather(
              vector, out.address(ELEMENT, from, places), Operand.TRUE.splatConstant(lanes)));
    }
    return sum;
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;

/**
 * Stores finished sums through the nest's own expressions, a vector at a time. The sums are read
 * from a tile in the first cache: a write and a read of each, against the whole depth before it.
 */
final class Epilogue {
  /**
   * Vectors at one go. A long expression is a chain of instructions, each waiting for the one
   * before; of two vectors that LLVM makes of one, the chains go on in turns.
   */
  private static final int TOGETHER = 2;

  private final Contraction product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final int lanes;
  private final Points points;
  private final List<LoopNest.Store> stores = new ArrayList<>();

  Epilogue(Contraction product, KernelFunction function, int lanes) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.lanes = lanes;
    this.points = new Points(function, math);
    List<Axis> columns = product.columns();
    for (LoopNest.Store store : product.nest().stores()) {
      Expr.Load place =
          (Expr.Load) Points.numbered(new Expr.Load(store.buffer(), store.index()), columns);
      Expr value = Points.numbered(store.value(), columns);
      stores.add(new LoopNest.Store(place.buffer(), place.index(), value));
    }
  }

  /** Elements computed at one go, for a tile of so many vectors a row. */
  private int together(int vectors) {
    return vectors % TOGETHER == 0 ? TOGETHER * lanes : lanes;
  }

  /**
   * Stores a tile.
   *
   * @param vectors vectors of a row of the tile
   * @param width columns of the tile that exist
   * @param tile where the sums are
   * @param stride columns of a row of the tile there
   */
  void store(
      Scope batch,
      Operand firstRow,
      Operand rows,
      Operand firstColumn,
      Operand width,
      int vectors,
      Operand tile,
      Operand stride) {
    String element = LlvmTypes.value(product.dtype());
    out.loop(
        Operand.i64(0),
        rows,
        1,
        row -> {
          Scope scope = points.bind(batch, product.rows(), math.add(firstRow, row));
          Operand sums = out.address(element, tile, math.times(row, stride));
          out.loop(
              Operand.i64(0),
              width,
              together(vectors),
              on -> {
                Operand place = out.address(element, sums, on);
                Operand column = math.add(firstColumn, on);
                vector(scope, column, place, math.subtract(width, on), together(vectors));
              });
        });
  }

  private void vector(Scope scope, Operand column, Operand sums, Operand left, int count) {
    org.modelc.runtime.spec.Dim columns = product.columnCount();
    if (columns.isStatic() && columns.value() % count == 0) {
      masked(scope, column, sums, count, null);
      return;
    }
    Operand partly = math.isBelow(left, Operand.i64(count));
    math.when(
        partly,
        () -> masked(scope, column, sums, count, out.mask(left, count)),
        () -> masked(scope, column, sums, count, null));
  }

  private void masked(Scope scope, Operand column, Operand sums, int count, Operand mask) {
    String number = Points.number(product.columns());
    String type = LlvmTypes.vector(LlvmTypes.value(product.dtype()), count);
    Operand sum = out.load(type, sums);
    ExpressionWriter writer =
        new ExpressionWriter(
            function,
            scope.with(number, column, product.columnCount()),
            new Lanes(number, count, mask),
            reduced -> sum);
    FinishedSums.store(stores, writer);
  }
}

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

/** Brings columns of a product's right factor into a panel of a worker's memory, at the call. */
final class IntegerColumns {
  private final IntegerProduct product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final IntegerTile tile;
  private final String number;
  private final Expr right;

  IntegerColumns(IntegerProduct product, KernelFunction function) {
    this.product = product;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.tile = product.tile();
    List<Axis> columns = product.whole().columns();
    this.number = Points.number(columns);
    this.right = Points.numbered(product.right(), columns);
  }

  /**
   * Packs a panel.
   *
   * @param first the first column
   * @param count columns that exist
   */
  void pack(Scope batch, Operand first, Operand count, Operand panel) {
    int steps = tile.arithmetic().steps;
    long whole = product.depth() / steps;
    for (int v = 0; v < IntegerTile.VECTORS; v++) {
      long before = (long) v * tile.lanes();
      Operand column = math.add(first, Operand.i64(before));
      Scope scope = batch.with(number, column, product.whole().columnCount());
      Operand left = math.subtract(count, Operand.i64(before));
      Operand place = math.on(panel, Operand.i64(before * steps));
      math.when(
          math.isBelow(left, Operand.i64(tile.lanes())),
          () -> vectors(scope, out.mask(left, tile.lanes()), place, whole),
          () -> vectors(scope, null, place, whole));
    }
  }

  private void vectors(Scope scope, Operand mask, Operand place, long whole) {
    int steps = tile.arithmetic().steps;
    out.loop(
        Operand.i64(0), Operand.i64(whole), 1, group -> vector(scope, mask, place, group, steps));
    int rest = (int) (product.depth() - whole * steps);
    if (rest > 0) {
      vector(scope, mask, place, Operand.i64(whole), rest);
    }
  }

  private void vector(Scope scope, Operand mask, Operand place, Operand group, int existing) {
    int steps = tile.arithmetic().steps;
    int lanes = tile.lanes();
    List<Operand> parts = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Operand at = math.add(math.times(group, steps), Operand.i64(step));
      parts.add(
          step < existing
              ? value(scope.with(product.inner().name(), at, product.inner().extent()), mask)
              : Operand.zero(LlvmTypes.vector("i8", lanes)));
    }
    Operand to = math.on(place, math.times(group, tile.groupBytes()));
    out.store(together(out, parts), to);
  }

  private Operand value(Scope scope, Operand mask) {
    Lanes some = new Lanes(number, tile.lanes(), mask);
    return new ExpressionWriter(function, scope, some, sum -> null).vector(right);
  }

  /** Lane i of part p becomes lane {@code i × parts + p}. */
  static Operand together(FunctionWriter out, List<Operand> parts) {
    int lanes = parts.get(0).lanes();
    List<Operand> rest = parts;
    while (rest.size() > 2) {
      List<Operand> joined = new ArrayList<>();
      for (int i = 0; i < rest.size(); i += 2) {
        joined.add(out.shuffle(rest.get(i), rest.get(i + 1), counting(2 * rest.get(i).lanes())));
      }
      rest = joined;
    }
    int[] order = new int[lanes * parts.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % parts.size() * lanes + i / parts.size();
    }
    return out.shuffle(rest.get(0), rest.get(1), order);
  }

  private static int[] counting(int count) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    return numbers;
  }
}

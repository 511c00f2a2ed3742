package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Lanes;
import org.modelc.codegen.llvm.emit.ExpressionWriter.Scope;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
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

  private static final int CACHE_LINE = 64;

  private final Contraction product;
  private final KernelFunction function;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final int lanes;
  private final Points points;
  private final List<LoopNest.Store> stores = new ArrayList<>();

  /** What a tile reads in rows beside its sums, and where it does, what it writes. */
  private final Map<Buffer, AffineIndex> far = new LinkedHashMap<>();

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
      ExprWalk.visit(value, this::add);
    }
    if (!far.isEmpty()) {
      stores.forEach(store -> add(new Expr.Load(store.buffer(), store.index())));
    }
  }

  /** Adds what lies in rows as the sums do. */
  private void add(Expr expr) {
    if (!(expr instanceof Expr.Load load) || product.rows().isEmpty()) {
      return;
    }
    AffineIndex place = AffineIndex.flat(load.buffer(), load.index());
    String column = Points.number(product.columns());
    boolean inRows =
        place != null
            && place.coefficient(column).is(1)
            && product.rows().stream().anyMatch(row -> !place.coefficient(row.name()).is(0));
    if (inRows) {
      far.putIfAbsent(load.buffer(), place);
    }
  }

  /**
   * Fetches what a tile reads beside its sums, and what it writes then, before they are computed:
   * each row may lie in another page, which the machine does not foresee.
   *
   * @param columns of the tile
   */
  void fetch(Scope batch, Operand firstRow, Operand rows, Operand firstColumn, int columns) {
    if (far.isEmpty()) {
      return;
    }
    String number = Points.number(product.columns());
    out.loop(
        Operand.i64(0),
        rows,
        1,
        row -> {
          Scope scope =
              points
                  .bind(batch, product.rows(), math.add(firstRow, row))
                  .with(number, firstColumn, product.columnCount());
          far.forEach(
              (buffer, place) -> {
                Operand first =
                    out.address(
                        LlvmTypes.storage(buffer.dtype()),
                        function.pointer(buffer),
                        points.position(place, scope));
                for (int on = 0; on < columns * buffer.dtype().bytes(); on += CACHE_LINE) {
                  out.prefetchToSecondCache(out.address("i8", first, Operand.i64(on)));
                }
              });
        });
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

package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A join over the rows of a matrix for each of its columns: a bias's gradient, the gradient of a
 * normalisation's scale. Rows are read whole, in the order in which they lie, as memory is read
 * fastest; the accumulators of a strip of columns are in the worker's memory, in the first cache.
 * Some columns at a time with accumulators in registers would jump from row to row: half as fast
 * where rows come from memory, since it hides from the processor what is read next.
 *
 * @param columns the most columns of a strip
 */
record ColumnStrip(long columns) {
  private static final int MOST_COLUMNS = 1024;
  private static final int MOST_REDUCTIONS = 4;

  /**
   * The strips of a nest; null if it is no such join, or one whose matrix is in the first cache
   * anyway.
   *
   * @param block an axis that counts parts of a joined one, or null
   */
  static ColumnStrip of(LoopNest nest, VectorAxis vector, Axis block, int firstCacheBytes) {
    if (!isJoinOfPoints(nest, vector)) {
      return null;
    }
    List<Axis> points = PointLoops.without(nest.parallel(), block);
    boolean readsOnce = false;
    for (Expr.Load load : loads(nest)) {
      AffineIndex index = AffineIndex.flat(load.buffer(), load.index());
      if (index == null || !isInRows(index, vector.axis(), nest.reduce())) {
        return null;
      }
      readsOnce |= isOfAll(index, points) && isOfAll(index, nest.reduce());
    }
    Dim extent = vector.axis().extent();
    boolean isWhole = extent.isStatic() && extent.value() < MOST_COLUMNS;
    return readsOnce && matrixBytes(nest, vector.axis()) > firstCacheBytes
        ? new ColumnStrip(isWhole ? extent.value() : MOST_COLUMNS)
        : null;
  }

  private static boolean isJoinOfPoints(LoopNest nest, VectorAxis vector) {
    int reductions = nest.reductions().size();
    return reductions > 0
        && reductions <= MOST_REDUCTIONS
        && nest.reductions().stream().allMatch(r -> r.dtype().bytes() >= Float.BYTES)
        && vector.axis() != null
        && !vector.isReduced();
  }

  private static List<Expr.Load> loads(LoopNest nest) {
    List<Expr.Load> loads = new ArrayList<>();
    for (LoopNest.Reduction reduction : nest.reductions()) {
      ExprWalk.visit(
          reduction.body(),
          expr -> {
            if (expr instanceof Expr.Load load) {
              loads.add(load);
            }
          });
    }
    return loads;
  }

  private static double matrixBytes(LoopNest nest, Axis columns) {
    int most = nest.reductions().stream().mapToInt(r -> r.dtype().bytes()).max().orElse(0);
    return VectorAxis.size(columns) * VectorAxis.size(nest.reduce()) * most;
  }

  /** Whether rows do not overlap, and neighbours along the vectors are neighbours in memory. */
  private static boolean isInRows(AffineIndex index, Axis columns, List<Axis> joined) {
    Dim along = index.coefficient(columns.name());
    return along.is(0)
        || along.is(1)
            && joined.stream().allMatch(a -> isRow(index.coefficient(a.name()), columns.extent()));
  }

  private static boolean isRow(Dim step, Dim columns) {
    boolean known = step.isStatic() && columns.isStatic();
    return step.is(0) || !known || step.value() >= columns.value();
  }

  private static boolean isOfAll(AffineIndex index, List<Axis> axes) {
    return axes.stream().noneMatch(axis -> index.coefficient(axis.name()).is(0));
  }

  /** Where the accumulator of a column is. */
  Operand address(KernelFunction function, LoopNest nest, int reduction, Operand column) {
    long offset = 0;
    for (LoopNest.Reduction before : nest.reductions().subList(0, reduction)) {
      offset += bytes(before.dtype());
    }
    DType dtype = nest.reductions().get(reduction).dtype();
    Operand base = function.scratch(Dim.constant(offset), Dim.constant(bytes(dtype)));
    return function.writer().address(LlvmTypes.value(dtype), base, column);
  }

  /** Whole cache lines. */
  private long bytes(DType dtype) {
    return (columns * dtype.bytes() + 63) / 64 * 64;
  }
}

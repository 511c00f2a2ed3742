package org.modelc.codegen.llvm.emit;

import java.util.List;
import java.util.function.UnaryOperator;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * A large join to few points in two nests, so that all workers have a part: first the join of each
 * of sixteen parts of an axis, then the join of these in order. Which nests are split depends on
 * shapes alone.
 *
 * @param partial the joins of the parts, into memory of the backend's own
 * @param range which part of the axis each point takes
 * @param whole the join of the joins
 */
record SplitJoin(LoopNest partial, ReduceRange range, LoopNest whole) {
  private static final int PARTS = 16;
  private static final double FEW_TASKS = 8;
  private static final double LARGE = 1 << 17;
  private static final double LONG = 64;

  /** Vectors of one task, about. */
  private static final int VECTORS = 4;

  /** The two nests, or null if one will do. */
  static SplitJoin of(LoopNest nest, ProgramWriter program) {
    if (nest.reductions().isEmpty()) {
      return null;
    }
    VectorAxis vector = VectorAxis.of(nest, program.target().lanes(), null);
    Axis split = longest(nest.reduce());
    double work = VectorAxis.size(nest.parallel()) * VectorAxis.size(nest.reduce());
    boolean isLarge = work >= LARGE && VectorAxis.size(split) >= LONG;
    ColumnStrip strip = ColumnStrip.of(nest, vector, null, program.target().firstCacheBytes());
    return isLarge && tasks(nest, vector, strip) < FEW_TASKS
        ? split(nest, split, vector, program)
        : null;
  }

  private static Axis longest(List<Axis> axes) {
    Axis longest = axes.get(0);
    for (Axis axis : axes) {
      longest = VectorAxis.size(axis) > VectorAxis.size(longest) ? axis : longest;
    }
    return longest;
  }

  private static double tasks(LoopNest nest, VectorAxis vector, ColumnStrip strip) {
    double points = VectorAxis.size(nest.parallel());
    if (vector.isReduced() || vector.axis() == null) {
      return points;
    }
    double extent = VectorAxis.size(vector.axis());
    double columns = strip == null ? (double) vector.lanes() * VECTORS : strip.columns();
    return points / extent * Math.ceil(extent / columns);
  }

  private static SplitJoin split(
      LoopNest nest, Axis split, VectorAxis vector, ProgramWriter program) {
    Axis part = new Axis("part", Dim.constant(PARTS));
    JoinOfParts nests =
        JoinOfParts.of(nest, part, nest.reduce(), UnaryOperator.identity(), program);
    boolean inVectors = vector.isReduced() && vector.axis().equals(split);
    ReduceRange range =
        new ReduceRange(split, part, inVectors ? (long) vector.lanes() * VECTORS : 1);
    return new SplitJoin(nests.parts(), range, nests.whole());
  }
}

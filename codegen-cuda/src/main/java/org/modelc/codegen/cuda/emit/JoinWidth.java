package org.modelc.codegen.cuda.emit;

import java.util.List;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;

/** How many threads join the values of a point. Shapes alone decide. */
enum JoinWidth {
  THREAD,
  WARP,
  BLOCK;

  /** For a dim that is known only at a call. */
  private static final double ASSUMED_EXTENT = 64;

  private static final double WARP_ELEMENTS = 32;
  private static final double BLOCK_ELEMENTS = 2048;

  /** Points with a thread each that keep a device busy. */
  private static final double ENOUGH_POINTS = 1 << 14;

  static JoinWidth of(LoopNest nest) {
    double joined = size(nest.reduce());
    if (nest.reduce().isEmpty() || joined < WARP_ELEMENTS) {
      return THREAD;
    }
    double points = size(nest.parallel());
    if (!runsAlong(nest) && points >= ENOUGH_POINTS) {
      return THREAD;
    }
    return joined < BLOCK_ELEMENTS || points >= ENOUGH_POINTS ? WARP : BLOCK;
  }

  private static double size(List<Axis> axes) {
    double size = 1;
    for (Axis axis : axes) {
      size *= axis.extent().isStatic() ? axis.extent().value() : ASSUMED_EXTENT;
    }
    return size;
  }

  /** Whether neighbouring joined elements lie side by side, rather than those of neighbours. */
  private static boolean runsAlong(LoopNest nest) {
    String joined = nest.reduce().get(nest.reduce().size() - 1).name();
    int[] votes = {0};
    for (LoopNest.Reduction reduction : nest.reductions()) {
      ExprWalk.visit(
          reduction.body(),
          expr ->
              votes[0] += expr instanceof Expr.Load load ? vote(load, joined, nest.parallel()) : 0);
    }
    return votes[0] >= 0;
  }

  private static int vote(Expr.Load load, String joined, List<Axis> points) {
    AffineIndex flat = AffineIndex.flat(load.buffer(), load.index());
    if (flat == null || points.isEmpty()) {
      return 0;
    }
    String point = points.get(points.size() - 1).name();
    int along = flat.coefficient(joined).is(1) ? 1 : 0;
    return along - (flat.coefficient(point).is(1) ? 1 : 0);
  }
}

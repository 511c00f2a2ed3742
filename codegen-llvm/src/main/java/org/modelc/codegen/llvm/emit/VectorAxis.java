package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * The axis of a nest that vectors run along: the one that costs least, where loads of neighbours
 * cost little and gathers much.
 *
 * @param axis the axis; null if the nest has a single point
 * @param isReduced whether it is joined
 * @param lanes elements of a vector
 */
record VectorAxis(Axis axis, boolean isReduced, int lanes) {
  /** Taken for a dim that is known only at a call. */
  private static final double ASSUMED_EXTENT = 64;

  private static final double GATHERED_LANE = 0.7;
  private static final double SCATTERED_LANE = 1.5;
  private static final double EVERY_SECOND = 3;
  private static final double SPLAT = 0.3;
  private static final double OPERATION = 0.5;

  /** Cycles for the joining of a vector's lanes. */
  private static final double JOIN = 15;

  /**
   * The best axis of a nest.
   *
   * @param excluded an axis that it may not be, or null
   */
  static VectorAxis of(LoopNest nest, int f32Lanes, Axis excluded) {
    int lanes = hasWideElements(nest) ? f32Lanes / 2 : f32Lanes;
    VectorAxis best = new VectorAxis(null, false, 1);
    double least = Double.POSITIVE_INFINITY;
    List<VectorAxis> candidates = new ArrayList<>();
    // The last axes first: of equal ones they win.
    for (int i = nest.parallel().size() - 1; i >= 0; i--) {
      candidates.add(new VectorAxis(nest.parallel().get(i), false, lanes));
    }
    for (int i = nest.reduce().size() - 1; i >= 0; i--) {
      candidates.add(new VectorAxis(nest.reduce().get(i), true, lanes));
    }
    for (VectorAxis candidate : candidates) {
      double cost = candidate.cost(nest);
      if (cost < least && !candidate.axis().equals(excluded)) {
        least = cost;
        best = candidate;
      }
    }
    return best;
  }

  private static boolean hasWideElements(LoopNest nest) {
    boolean[] wide = {false};
    for (LoopNest.Reduction reduction : nest.reductions()) {
      wide[0] |= reduction.dtype() == DType.F64;
    }
    for (LoopNest.Store store : nest.stores()) {
      wide[0] |= store.buffer().dtype() == DType.F64;
    }
    return wide[0];
  }

  private double cost(LoopNest nest) {
    double points = size(nest.parallel());
    double joined = size(nest.reduce());
    double vectors = Math.ceil(size(axis) / lanes) / size(axis);
    double body = 0;
    for (LoopNest.Reduction reduction : nest.reductions()) {
      body += cost(reduction.body());
    }
    double stores = 0;
    for (LoopNest.Store store : nest.stores()) {
      stores += isReduced ? 1 : cost(store.value()) + storeCost(nest, store);
    }
    return isReduced
        ? points * (joined * vectors * body + JOIN * nest.reductions().size() + stores)
        : points * vectors * (joined * body + stores);
  }

  private double storeCost(LoopNest nest, LoopNest.Store store) {
    AffineIndex index = AffineIndex.flat(store.buffer(), store.index());
    boolean inOrder = index != null && index.coefficient(axis.name()).is(1);
    boolean inTurns = StoreTurns.partner(nest, store, axis.name()) != null;
    return inOrder ? 1 : inTurns ? EVERY_SECOND : SCATTERED_LANE * lanes;
  }

  private double cost(Expr root) {
    double[] cost = {0};
    ExprWalk.visit(
        root, expr -> cost[0] += expr instanceof Expr.Load load ? loadCost(load) : OPERATION);
    return cost[0];
  }

  private double loadCost(Expr.Load load) {
    AffineIndex index = AffineIndex.flat(load.buffer(), load.index());
    if (index == null) {
      Set<String> names = ExprWalk.variables(load);
      return names.contains(axis.name()) ? GATHERED_LANE * lanes : SPLAT;
    }
    Dim step = index.coefficient(axis.name());
    if (step.is(2)) {
      return EVERY_SECOND;
    }
    return step.is(0) ? SPLAT : step.is(1) ? 1 : GATHERED_LANE * lanes;
  }

  static double size(Axis axis) {
    return size(axis.extent(), ASSUMED_EXTENT);
  }

  /** A dim's value with the same number for each dynamic dim; at least 1. */
  static double size(Dim dim, double assumed) {
    double sum = 0;
    for (Map.Entry<Dim.Monomial, Long> term : dim.terms().entrySet()) {
      sum += term.getValue() * Math.pow(assumed, term.getKey().symbols().size());
    }
    return Math.max(1, sum);
  }

  static double size(List<Axis> axes) {
    return axes.stream().mapToDouble(VectorAxis::size).reduce(1, (a, b) -> a * b);
  }
}

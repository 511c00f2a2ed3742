package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/**
 * Reductions over a few elements, such as the windows of a pool, without loops: a loop of two turns
 * costs more than what it joins. In the order of the loops, so with their bits.
 */
final class SmallReduction {
  private static final int MOST_POINTS = 16;
  private static final int LARGEST = 192;

  private SmallReduction() {}

  static boolean fits(LoopNest nest) {
    // each axis for itself: nothing times a dim that only a call knows is nothing, and so static
    if (nest.reduce().isEmpty()
        || !nest.reduce().stream().allMatch(axis -> axis.extent().isStatic())) {
      return false;
    }
    Dim points = Contraction.extent(nest.reduce());
    if (points.value() > MOST_POINTS) {
      return false;
    }
    int[] size = {0};
    for (LoopNest.Reduction reduction : nest.reductions()) {
      ExprWalk.visit(reduction.body(), expr -> size[0]++);
    }
    return size[0] * points.value() <= LARGEST;
  }

  /** Joins every element to the accumulators of the given names, which hold the initial values. */
  static Stmt joins(LoopNest nest, IntFunction<String> accumulator) {
    List<Stmt> steps = new ArrayList<>();
    for (Map<String, Expr> point : points(nest.reduce())) {
      List<Stmt> joins = new ArrayList<>();
      for (int i = 0; i < nest.reductions().size(); i++) {
        LoopNest.Reduction reduction = nest.reductions().get(i);
        Expr old = new Expr.Var(accumulator.apply(i), reduction.dtype());
        Expr body = ExprWalk.substitute(reduction.body(), point);
        joins.add(
            new Stmt.Assign(
                accumulator.apply(i), Expr.apply(reduction.combiner().op(), old, body)));
      }
      steps.add(new Stmt.Seq(joins));
    }
    return new Stmt.Seq(steps);
  }

  /** The points of some axes in row-major order. */
  private static List<Map<String, Expr>> points(List<Axis> axes) {
    List<Map<String, Expr>> points = List.of(Map.of());
    for (Axis axis : axes) {
      List<Map<String, Expr>> longer = new ArrayList<>();
      for (Map<String, Expr> point : points) {
        for (int i = 0; i < axis.extent().intValue(); i++) {
          Map<String, Expr> next = new HashMap<>(point);
          next.put(axis.name(), Expr.integer(i));
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }
}

package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;

/**
 * Reductions over a long innermost axis in several accumulators, so that one addition need not wait
 * for the last. Lane {@code l} joins the elements {@code l, l + 8, …}; lanes are joined in pairs,
 * then the elements left over. The order depends on the shape alone.
 */
final class LaneReduction {
  static final int LANES = 8;

  private static final int SHORTEST = 24;
  private static final int LARGEST_BODY = 16;

  private LaneReduction() {}

  static boolean fits(LoopNest nest) {
    if (nest.reduce().isEmpty()) {
      return false;
    }
    Axis last = nest.reduce().get(nest.reduce().size() - 1);
    boolean isLong = last.extent().isStatic() && last.extent().value() >= SHORTEST;
    for (LoopNest.Reduction reduction : nest.reductions()) {
      int[] size = {0};
      ExprWalk.visit(reduction.body(), expr -> size[0]++);
      isLong &=
          reduction.dtype().isFloating() && isLane(reduction.combiner()) && size[0] <= LARGEST_BODY;
    }
    return isLong;
  }

  private static boolean isLane(Combiner combiner) {
    return switch (combiner) {
      case SUM, MINIMUM, MAXIMUM -> true;
      case PRODUCT, AND, OR -> false;
    };
  }

  private static Expr identity(LoopNest.Reduction reduction) {
    double value =
        switch (reduction.combiner()) {
          case SUM -> 0;
          case MINIMUM -> Double.POSITIVE_INFINITY;
          case MAXIMUM -> Double.NEGATIVE_INFINITY;
          case PRODUCT, AND, OR -> throw new IllegalStateException(reduction.combiner().name());
        };
    return new Expr.Const(reduction.dtype(), value);
  }

  /** The loops; accumulators of the given names exist and hold the initial values. */
  static Stmt loops(LoopNest nest, IntFunction<String> accumulator) {
    Axis last = nest.reduce().get(nest.reduce().size() - 1);
    int extent = last.extent().intValue();
    int even = extent / LANES * LANES;
    List<Stmt> lanes = new ArrayList<>();
    List<Stmt> rest = new ArrayList<>();
    List<Stmt> joins = new ArrayList<>();
    for (int i = 0; i < nest.reductions().size(); i++) {
      LoopNest.Reduction reduction = nest.reductions().get(i);
      String name = accumulator.apply(i);
      for (int lane = 0; lane < LANES; lane++) {
        Expr index = new Axis(at(last, lane), last.extent()).variable();
        Expr body = ExprWalk.substitute(reduction.body(), Map.of(last.name(), index));
        lanes.add(join(reduction, lane(name, lane), body));
      }
      rest.add(join(reduction, name, reduction.body()));
      joins.add(join(reduction, name, pairs(reduction, name, 0, LANES)));
    }
    Stmt inner = loop(last, 0, even, LANES, bindPlaces(last, new Stmt.Seq(lanes)));
    if (even < extent) {
      inner = Stmt.seq(inner, loop(last, even, extent, 1, new Stmt.Seq(rest)));
    }
    for (int i = nest.reduce().size() - 2; i >= 0; i--) {
      Axis axis = nest.reduce().get(i);
      inner = Stmt.loop(Stmt.Kind.SERIAL, axis.name(), Expr.size(axis.extent()), inner);
    }
    joins.add(0, inner);
    return declare(nest, accumulator, new Stmt.Seq(joins));
  }

  private static Stmt bindPlaces(Axis last, Stmt body) {
    Stmt bound = body;
    for (int lane = LANES - 1; lane >= 0; lane--) {
      bound = new Stmt.Let(at(last, lane), last.variable().plus(Expr.integer(lane)), bound);
    }
    return bound;
  }

  private static String at(Axis last, int lane) {
    return last.name() + "_at" + lane;
  }

  /** The variables that stand for the last axis in each lane; they have its range. */
  static List<Axis> variables(LoopNest nest) {
    List<Axis> variables = new ArrayList<>();
    Axis last = nest.reduce().get(nest.reduce().size() - 1);
    for (int lane = 0; lane < LANES; lane++) {
      variables.add(new Axis(at(last, lane), last.extent()));
    }
    return variables;
  }

  private static Stmt loop(Axis axis, int from, int to, int step, Stmt body) {
    return new Stmt.For(
        Stmt.Kind.SERIAL, axis.name(), Expr.integer(from), Expr.integer(to), step, body);
  }

  private static Stmt declare(LoopNest nest, IntFunction<String> accumulator, Stmt body) {
    Stmt declared = body;
    for (int i = 0; i < nest.reductions().size(); i++) {
      for (int lane = LANES - 1; lane >= 0; lane--) {
        String name = lane(accumulator.apply(i), lane);
        declared = new Stmt.Mutable(name, identity(nest.reductions().get(i)), declared);
      }
    }
    return declared;
  }

  private static Stmt join(LoopNest.Reduction reduction, String name, Expr value) {
    Expr old = new Expr.Var(name, reduction.dtype());
    return new Stmt.Assign(name, Expr.apply(reduction.combiner().op(), old, value));
  }

  private static Expr pairs(LoopNest.Reduction reduction, String name, int from, int count) {
    if (count == 1) {
      return new Expr.Var(lane(name, from), reduction.dtype());
    }
    int half = count / 2;
    ScalarOp op = reduction.combiner().op();
    return Expr.apply(
        op, pairs(reduction, name, from, half), pairs(reduction, name, from + half, half));
  }

  private static String lane(String name, int lane) {
    return name + "_lane" + lane;
  }
}

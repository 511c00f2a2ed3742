package org.modelc.passes.fuse;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** What expressions cost, in additions, and how often they are evaluated. */
final class NestCost {
  /** Stands for every dynamic dim where only an estimate is wanted. */
  private static final int TYPICAL = 64;

  /** A function that takes many additions. */
  private static final int FUNCTION = 20;

  /** The nodes that take the place of a function of f32. */
  private static final Map<ScalarOp, Integer> EXPANSIONS = Map.copyOf(expansions());

  private NestCost() {}

  /** The cost of one evaluation; loads and index arithmetic are free. */
  static int of(Expr value) {
    int[] cost = {0};
    visitValues(value, expr -> cost[0] += own(expr));
    return cost[0];
  }

  /** Visits the nodes of a value once each, without those inside indices. */
  static void visitValues(Expr root, java.util.function.Consumer<Expr> consumer) {
    visitValues(
        root, consumer, java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>()));
  }

  private static void visitValues(
      Expr expr, java.util.function.Consumer<Expr> consumer, Set<Expr> seen) {
    if (!seen.add(expr)) {
      return;
    }
    if (!(expr instanceof Expr.Load)) {
      expr.children().forEach(child -> visitValues(child, consumer, seen));
    }
    consumer.accept(expr);
  }

  private static int own(Expr expr) {
    if (expr instanceof Expr.Apply apply) {
      return own(apply.op());
    }
    return expr instanceof Expr.Select || expr instanceof Expr.Cast ? 1 : 0;
  }

  private static int own(ScalarOp op) {
    if (op.isFunction()) {
      return FUNCTION;
    }
    boolean divides =
        op == ScalarOp.DIVIDE || op == ScalarOp.REMAINDER || op == ScalarOp.SQUARE_ROOT;
    return divides ? 5 : 1;
  }

  /** The number of points of axes, dynamic dims guessed. */
  static double points(List<Axis> axes) {
    return estimate(Dim.product(axes.stream().map(Axis::extent).toList()));
  }

  static double elements(Buffer buffer) {
    return estimate(buffer.size());
  }

  private static double estimate(Dim dim) {
    Map<String, Integer> values = new HashMap<>();
    dim.symbols().forEach(symbol -> values.put(symbol, TYPICAL));
    return dim.evaluate(values);
  }

  /** The distinct nodes of expressions together, as backends see them: functions expanded. */
  static int size(List<Expr> roots) {
    Set<Expr> seen = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    roots.forEach(root -> ExprWalk.visit(root, seen::add));
    int size = 0;
    for (Expr expr : seen) {
      size += 1 + expansion(expr);
    }
    return size;
  }

  private static int expansion(Expr expr) {
    boolean single = expr instanceof Expr.Apply && expr.dtype() == DType.F32;
    return single ? EXPANSIONS.getOrDefault(((Expr.Apply) expr).op(), 0) / 3 : 0;
  }

  private static Map<ScalarOp, Integer> expansions() {
    Map<ScalarOp, Integer> nodes = new EnumMap<>(ScalarOp.class);
    for (ScalarOp op : ScalarOp.values()) {
      boolean function = op.arity() == 1 && own(op) == FUNCTION;
      if (function) {
        Expr call = Expr.apply(op, new Expr.Var("x", DType.F32));
        int[] count = {0};
        ExprWalk.visit(ScalarExpansion.expand(call), expr -> count[0]++);
        nodes.put(op, count[0]);
      }
    }
    return nodes;
  }
}

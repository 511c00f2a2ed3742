package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One way to read a nest as a product: {@code out[batch, rows, columns] = initial + Σ over inner of
 * left[batch, rows, inner] × right[batch, columns, inner]}. Every way of giving the factors to two
 * sides is one; a backend takes the one that it can run best.
 *
 * @param nest the nest, of one sum that begins with a constant
 * @param batch axes that both sides depend on, or neither
 * @param rows axes that {@code left} alone depends on
 * @param columns axes that {@code right} alone depends on
 * @param left the product of the factors on the rows' side
 * @param right the product of the other factors
 */
public record ProductReading(
    LoopNest nest, List<Axis> batch, List<Axis> rows, List<Axis> columns, Expr left, Expr right) {
  /** More factors are no product that anybody writes, and their ways to be shared out too many. */
  private static final int MOST_FACTORS = 4;

  public ProductReading {
    batch = List.copyOf(batch);
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /** All readings of a nest; none if it is no sum of products, or begins with no constant. */
  public static List<ProductReading> of(LoopNest nest) {
    if (nest.reductions().size() != 1 || nest.reduce().isEmpty()) {
      return List.of();
    }
    LoopNest.Reduction reduction = nest.reductions().get(0);
    boolean constant =
        reduction.initial() instanceof Expr.Const || reduction.initial() instanceof Expr.IntConst;
    if (reduction.combiner() != Combiner.SUM || !constant) {
      return List.of();
    }
    List<Expr> factors = new ArrayList<>();
    factors(reduction.body(), factors);
    List<ProductReading> readings = new ArrayList<>();
    int last = factors.size() > MOST_FACTORS ? 0 : (1 << factors.size()) - 1;
    for (int chosen = 1; chosen < last; chosen++) {
      readings.add(split(nest, factors, chosen));
    }
    return readings;
  }

  private static void factors(Expr expr, List<Expr> factors) {
    if (expr instanceof Expr.Apply apply && apply.op() == ScalarOp.MULTIPLY) {
      apply.operands().forEach(operand -> factors(operand, factors));
    } else {
      factors.add(expr);
    }
  }

  /** The factors whose bits are set go left. */
  private static ProductReading split(LoopNest nest, List<Expr> factors, int chosen) {
    Expr left = null;
    Expr right = null;
    for (int i = 0; i < factors.size(); i++) {
      Expr factor = factors.get(i);
      if ((chosen >> i & 1) == 1) {
        left = left == null ? factor : left.times(factor);
      } else {
        right = right == null ? factor : right.times(factor);
      }
    }
    return classified(nest, left, right);
  }

  private static ProductReading classified(LoopNest nest, Expr left, Expr right) {
    Set<String> inLeft = ExprWalk.variables(left);
    Set<String> inRight = ExprWalk.variables(right);
    List<Axis> batch = new ArrayList<>();
    List<Axis> rows = new ArrayList<>();
    List<Axis> columns = new ArrayList<>();
    for (Axis axis : nest.parallel()) {
      boolean l = inLeft.contains(axis.name());
      boolean r = inRight.contains(axis.name());
      (l == r ? batch : l ? rows : columns).add(axis);
    }
    return new ProductReading(nest, batch, rows, columns, left, right);
  }
}

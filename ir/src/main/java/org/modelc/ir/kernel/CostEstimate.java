package org.modelc.ir.kernel;

import org.modelc.runtime.spec.Dim;

/** Scalar operations of a statement, roughly: enough to decide whether work is worth sharing. */
public final class CostEstimate implements Stmt.Visitor<Dim> {
  /** Taken for the trips of a loop whose bounds depend on data. */
  private static final Dim UNKNOWN_TRIPS = Dim.constant(16);

  private static final int FUNCTION_COST = 12;

  public static Dim of(Stmt stmt) {
    return stmt.accept(new CostEstimate());
  }

  public static Dim of(Expr expr) {
    int[] cost = {1};
    ExprWalk.visit(expr, node -> cost[0] += node instanceof Expr.Apply a ? cost(a.op()) : 0);
    return Dim.constant(cost[0]);
  }

  private static int cost(ScalarOp op) {
    return op.isFunction() ? FUNCTION_COST : 1;
  }

  @Override
  public Dim loop(Stmt.For stmt) {
    Dim start = trips(stmt.start());
    Dim end = trips(stmt.end());
    Dim trips = start == null || end == null ? chunk(stmt) : end.minus(start);
    return stmt.body().accept(this).times(trips);
  }

  /** The trips of a loop that ends so many after its start at the latest, else a guess. */
  private static Dim chunk(Stmt.For stmt) {
    boolean bounded =
        stmt.end() instanceof Expr.Apply end
            && end.op() == ScalarOp.MINIMUM
            && end.operands().get(0) instanceof Expr.Apply sum
            && sum.op() == ScalarOp.ADD
            && sum.operands().get(0).equals(stmt.start());
    if (!bounded) {
      return UNKNOWN_TRIPS;
    }
    Expr.Apply sum = (Expr.Apply) ((Expr.Apply) stmt.end()).operands().get(0);
    Dim size = trips(sum.operands().get(1));
    return size == null ? UNKNOWN_TRIPS : size;
  }

  private static Dim trips(Expr bound) {
    if (bound instanceof Expr.IntConst constant) {
      return Dim.constant(constant.value());
    }
    return bound instanceof Expr.Size size ? size.dim() : null;
  }

  @Override
  public Dim let(Stmt.Let stmt) {
    return of(stmt.value()).plus(stmt.body().accept(this));
  }

  @Override
  public Dim mutable(Stmt.Mutable stmt) {
    return of(stmt.initial()).plus(stmt.body().accept(this));
  }

  @Override
  public Dim assign(Stmt.Assign stmt) {
    return of(stmt.value());
  }

  @Override
  public Dim alloc(Stmt.Alloc stmt) {
    return stmt.body().accept(this);
  }

  @Override
  public Dim store(Stmt.Store stmt) {
    return of(stmt.value());
  }

  @Override
  public Dim branch(Stmt.If stmt) {
    Dim then = stmt.then().accept(this);
    return stmt.otherwise() == null ? then : then.plus(stmt.otherwise().accept(this));
  }

  @Override
  public Dim repeat(Stmt.While stmt) {
    return stmt.body().accept(this).times(UNKNOWN_TRIPS);
  }

  @Override
  public Dim seq(Stmt.Seq stmt) {
    Dim sum = Dim.ZERO;
    for (Stmt statement : stmt.statements()) {
      sum = sum.plus(statement.accept(this));
    }
    return sum;
  }

  @Override
  public Dim barrier(Stmt.Barrier stmt) {
    return Dim.ZERO;
  }

  @Override
  public Dim intrinsic(Stmt.Intrinsic stmt) {
    return Dim.ONE;
  }
}

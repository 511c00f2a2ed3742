package org.modelc.dsl.recipe;

import org.modelc.dsl.ast.Expression;

/**
 * A visitor for places where few kinds of expressions make sense: those that a subclass does not
 * override go to {@link #other}, which reports them.
 */
abstract class ExpressionCase<R> implements Expression.Visitor<R> {
  /** An expression that has no meaning here. */
  abstract R other(Expression expression);

  @Override
  public R visit(Expression.IntegerLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.FloatLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.BoolLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.TextLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Reference expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Field expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Index expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Call expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Unary expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Binary expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Pipe expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.If expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Scan expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.ListLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.RecordLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.TupleLiteral expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.As expression) {
    return other(expression);
  }

  @Override
  public R visit(Expression.Broken expression) {
    return null;
  }
}

package org.modelc.dsl.elaborate;

import org.modelc.dsl.ast.BinaryOperator;
import org.modelc.dsl.ast.Expression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;

/** The conditions after {@code where}: checked here if static, else at each call. */
final class Bounds {
  private Bounds() {}

  /**
   * Checks a condition.
   *
   * @return whether it may hold; false if it has been reported that it does not
   */
  static boolean check(Elaboration elaboration, Expression condition, Frame frame) {
    if (condition instanceof Expression.Binary binary && binary.operator().isComparison()) {
      Meaning left = elaboration.expressions().evaluate(binary.left(), frame);
      Meaning right = elaboration.expressions().evaluate(binary.right(), frame);
      if (left.isFailed() || right.isFailed()) {
        return true;
      }
      if (left instanceof Meaning.Int a && right instanceof Meaning.Int b) {
        return check(elaboration, binary, a.dim(), b.dim());
      }
    }
    elaboration
        .problems()
        .report(
            DiagnosticCode.NOT_STATIC,
            condition.span(),
            "`where` compares a dim with a static number, as in T <= 128");
    return true;
  }

  private static boolean check(
      Elaboration elaboration, Expression.Binary condition, Dim left, Dim right) {
    Dim difference = left.minus(right);
    if (difference.isStatic()) {
      boolean holds = holds(condition.operator(), difference.value());
      if (!holds) {
        elaboration
            .problems()
            .report(
                DiagnosticCode.BAD_STATIC_VALUE,
                condition.span(),
                "`where "
                    + condition.span().text()
                    + "` does not hold: "
                    + left
                    + " "
                    + condition.operator().sign()
                    + " "
                    + right,
                hint(condition, left, right));
      }
      return holds;
    }
    Bound bound = bound(condition.operator(), left, right);
    if (bound == null && elaboration.unlearned().isIn(difference)) {
      return true;
    }
    if (bound == null) {
      elaboration
          .problems()
          .report(
              DiagnosticCode.NOT_STATIC,
              condition.span(),
              "`where` compares a dim with a static number, got " + left + " and " + right);
      return true;
    }
    elaboration.program().builder().bound(bound);
    return true;
  }

  /** What would let a condition hold, told of the side that has a name. */
  private static String hint(Expression.Binary condition, Dim left, Dim right) {
    BinaryOperator mirrored = mirrored(condition.operator());
    boolean isMirrored =
        mirrored != null
            && condition.right() instanceof Expression.Reference
            && !(condition.left() instanceof Expression.Reference);
    Expression side = isMirrored ? condition.right() : condition.left();
    Dim limit = isMirrored ? left : right;
    String wanted =
        switch (isMirrored ? mirrored : condition.operator()) {
          case EQUAL -> limit.toString();
          case NOT_EQUAL -> "another number than " + limit;
          case LESS -> "less than " + limit;
          case LESS_EQUAL -> limit + " or less";
          case GREATER -> "more than " + limit;
          case GREATER_EQUAL -> limit + " or more";
          case OR, AND, ADD, SUBTRACT, CONCAT, MULTIPLY, DIVIDE, MATMUL, POWER -> "another one";
        };
    return "make `" + side.span().text() + "` " + wanted;
  }

  private static boolean holds(BinaryOperator operator, long difference) {
    return switch (operator) {
      case EQUAL -> difference == 0;
      case NOT_EQUAL -> difference != 0;
      case LESS -> difference < 0;
      case LESS_EQUAL -> difference <= 0;
      case GREATER -> difference > 0;
      case GREATER_EQUAL -> difference >= 0;
      case OR, AND, ADD, SUBTRACT, CONCAT, MULTIPLY, DIVIDE, MATMUL, POWER -> false;
    };
  }

  private static Bound bound(BinaryOperator operator, Dim left, Dim right) {
    if (left.isStatic()) {
      BinaryOperator mirrored = mirrored(operator);
      return mirrored == null ? null : bound(mirrored, right, left);
    }
    if (!right.isStatic()) {
      return null;
    }
    long limit = right.value();
    return switch (operator) {
      case LESS -> new Bound(left, 0, limit - 1);
      case LESS_EQUAL -> new Bound(left, 0, limit);
      case GREATER -> new Bound(left, limit + 1, Integer.MAX_VALUE);
      case GREATER_EQUAL -> new Bound(left, limit, Integer.MAX_VALUE);
      case EQUAL -> new Bound(left, limit, limit);
      case NOT_EQUAL, OR, AND, ADD, SUBTRACT, CONCAT, MULTIPLY, DIVIDE, MATMUL, POWER -> null;
    };
  }

  private static BinaryOperator mirrored(BinaryOperator operator) {
    return switch (operator) {
      case LESS -> BinaryOperator.GREATER;
      case LESS_EQUAL -> BinaryOperator.GREATER_EQUAL;
      case GREATER -> BinaryOperator.LESS;
      case GREATER_EQUAL -> BinaryOperator.LESS_EQUAL;
      case EQUAL -> BinaryOperator.EQUAL;
      case NOT_EQUAL, OR, AND, ADD, SUBTRACT, CONCAT, MULTIPLY, DIVIDE, MATMUL, POWER -> null;
    };
  }
}

package org.modelc.passes.fuse;

import org.modelc.ir.kernel.Expr;

/**
 * One step of simplification, operands first: integer arithmetic on literals, products with one,
 * selects of a known condition. Nothing that changes a float in any bit.
 */
final class ExprSimplifier {
  private ExprSimplifier() {}

  static Expr simplify(Expr expr) {
    if (expr instanceof Expr.Select select && select.condition() instanceof Expr.Const known) {
      return known.value() != 0 ? select.then() : select.otherwise();
    }
    if (expr instanceof Expr.Apply apply && apply.operands().size() == 2) {
      return simplify(apply, apply.operands().get(0), apply.operands().get(1));
    }
    return expr;
  }

  private static Expr simplify(Expr.Apply apply, Expr left, Expr right) {
    if (left instanceof Expr.IntConst a && right instanceof Expr.IntConst b) {
      return fold(apply, a.value(), b.value());
    }
    return switch (apply.op()) {
      case ADD -> isInteger(left, 0) ? right : isInteger(right, 0) ? left : apply;
      case SUBTRACT -> isInteger(right, 0) ? left : apply;
      case MULTIPLY -> product(apply, left, right);
      case DIVIDE -> isOne(right) ? left : apply;
      case REMAINDER,
          MINIMUM,
          MAXIMUM,
          POWER,
          FMA,
          NEGATE,
          ABSOLUTE,
          SQUARE_ROOT,
          FLOOR,
          CEILING,
          ROUND,
          EXP,
          LOG,
          SIN,
          COS,
          TANH,
          ERF,
          GELU,
          SIGMOID,
          LOG1P,
          EXPM1,
          IS_FINITE,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          AND,
          OR,
          XOR,
          NOT,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          SHIFT_RIGHT_UNSIGNED,
          BITCAST ->
          apply;
    };
  }

  private static Expr product(Expr.Apply apply, Expr left, Expr right) {
    if (isOne(left)) {
      return right;
    } else if (isOne(right)) {
      return left;
    }
    return isInteger(left, 0) ? left : isInteger(right, 0) ? right : apply;
  }

  private static Expr fold(Expr.Apply apply, long a, long b) {
    return switch (apply.op()) {
      case ADD -> integer(apply, a + b);
      case SUBTRACT -> integer(apply, a - b);
      case MULTIPLY -> integer(apply, a * b);
      case EQUAL -> bool(a == b);
      case NOT_EQUAL -> bool(a != b);
      case LESS -> bool(a < b);
      case LESS_EQUAL -> bool(a <= b);
      case GREATER -> bool(a > b);
      case GREATER_EQUAL -> bool(a >= b);
      case DIVIDE,
          REMAINDER,
          MINIMUM,
          MAXIMUM,
          POWER,
          FMA,
          NEGATE,
          ABSOLUTE,
          SQUARE_ROOT,
          FLOOR,
          CEILING,
          ROUND,
          EXP,
          LOG,
          SIN,
          COS,
          TANH,
          ERF,
          GELU,
          SIGMOID,
          LOG1P,
          EXPM1,
          IS_FINITE,
          AND,
          OR,
          XOR,
          NOT,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          SHIFT_RIGHT_UNSIGNED,
          BITCAST ->
          apply;
    };
  }

  /** Integer arithmetic wraps in its type. */
  private static Expr integer(Expr.Apply apply, long value) {
    boolean narrow = apply.dtype() == org.modelc.runtime.spec.DType.I32;
    return new Expr.IntConst(apply.dtype(), narrow ? (int) value : value);
  }

  private static Expr bool(boolean value) {
    return new Expr.Const(org.modelc.runtime.spec.DType.BOOL, value ? 1 : 0);
  }

  private static boolean isInteger(Expr expr, long value) {
    return expr instanceof Expr.IntConst constant && constant.value() == value;
  }

  private static boolean isOne(Expr expr) {
    return isInteger(expr, 1) || (expr instanceof Expr.Const constant && constant.value() == 1);
  }
}

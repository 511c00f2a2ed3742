package org.modelc.ir.kernel;

/**
 * Functions of scalars inside kernels. Floating operators follow IEEE 754 in the operand type;
 * integer ones wrap. Comparisons and logic give bool.
 */
public enum ScalarOp {
  ADD(2, "+"),
  SUBTRACT(2, "-"),
  MULTIPLY(2, "*"),
  /** Floating division; for integers, truncated. */
  DIVIDE(2, "/"),
  /** The remainder of truncated division, of the dividend's sign. */
  REMAINDER(2, "%"),
  /** NaN if an operand is NaN. */
  MINIMUM(2, "min"),
  /** NaN if an operand is NaN. */
  MAXIMUM(2, "max"),
  POWER(2, "pow"),
  /** {@code a × b + c}, rounded once. */
  FMA(3, "fma"),
  NEGATE(1, "neg"),
  ABSOLUTE(1, "abs"),
  SQUARE_ROOT(1, "sqrt"),
  FLOOR(1, "floor"),
  CEILING(1, "ceil"),
  /** To the nearest integer, ties to even. */
  ROUND(1, "round"),
  EXP(1, "exp"),
  LOG(1, "log"),
  SIN(1, "sin"),
  COS(1, "cos"),
  TANH(1, "tanh"),
  ERF(1, "erf"),
  /** x · Φ(x), of the normal distribution function. */
  GELU(1, "gelu"),
  SIGMOID(1, "sigmoid"),
  LOG1P(1, "log1p"),
  EXPM1(1, "expm1"),
  IS_FINITE(1, "is_finite"),
  EQUAL(2, "=="),
  NOT_EQUAL(2, "!="),
  LESS(2, "<"),
  LESS_EQUAL(2, "<="),
  GREATER(2, ">"),
  GREATER_EQUAL(2, ">="),
  /** Bitwise for integers, logical for bool. */
  AND(2, "&"),
  OR(2, "|"),
  XOR(2, "^"),
  NOT(1, "~"),
  SHIFT_LEFT(2, "<<"),
  /** Arithmetic. */
  SHIFT_RIGHT(2, ">>"),
  /** Logical. */
  SHIFT_RIGHT_UNSIGNED(2, ">>>"),
  /** The bits of f32 as i32 or back, f64 as i64 or back. */
  BITCAST(1, "bitcast");

  private final int arity;
  private final String text;

  ScalarOp(int arity, String text) {
    this.arity = arity;
    this.text = text;
  }

  public int arity() {
    return arity;
  }

  /** The spelling in printed kernels. */
  public String text() {
    return text;
  }

  /** Whether it is a function that expands to many instructions. */
  public boolean isFunction() {
    return compareTo(EXP) >= 0 && compareTo(EXPM1) <= 0 || this == POWER;
  }

  public boolean isComparison() {
    return this == EQUAL
        || this == NOT_EQUAL
        || this == LESS
        || this == LESS_EQUAL
        || this == GREATER
        || this == GREATER_EQUAL;
  }
}

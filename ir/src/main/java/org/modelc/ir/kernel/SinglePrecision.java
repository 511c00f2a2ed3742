package org.modelc.ir.kernel;

import org.modelc.runtime.spec.DType;

/** Short words for f32 expressions and their bits, for the expansions of functions. */
final class SinglePrecision {
  /** 1.5 × 2²³: added to a number below 2²², it leaves the nearest integer in the low bits. */
  static final Expr SHIFT = number(12582912);

  /** ln 2, and what f32 lacks of it. */
  static final double LN2 = 0.693147182464599609375;

  static final double LN2_REST = -1.904654323148236e-9;

  private SinglePrecision() {}

  static Expr number(double value) {
    return Expr.constant(DType.F32, value);
  }

  static Expr fma(Expr a, Expr b, Expr c) {
    return Expr.apply(ScalarOp.FMA, a, b, c);
  }

  static Expr negative(Expr x) {
    return Expr.apply(ScalarOp.NEGATE, x);
  }

  static Expr absolute(Expr x) {
    return Expr.apply(ScalarOp.ABSOLUTE, x);
  }

  static Expr less(Expr x, double bound) {
    return Expr.apply(ScalarOp.LESS, x, number(bound));
  }

  static Expr greater(Expr x, double bound) {
    return Expr.apply(ScalarOp.GREATER, x, number(bound));
  }

  static Expr and(Expr a, Expr b) {
    return Expr.apply(ScalarOp.AND, a, b);
  }

  /** The number within bounds; NaN stays. */
  static Expr clamp(Expr x, double low, double high) {
    return atMost(Expr.select(less(x, low), number(low), x), high);
  }

  /** The number, or a bound that it is above; NaN stays. One instruction where a minimum is two. */
  static Expr atMost(Expr x, double bound) {
    return Expr.select(greater(x, bound), number(bound), x);
  }

  /** A number that is not negative, with the sign of another. */
  static Expr withSign(Expr size, Expr signed) {
    Expr sign = and(bits(signed), Expr.integer(Integer.MIN_VALUE));
    return fromBits(Expr.apply(ScalarOp.OR, bits(size), sign));
  }

  /** c₀ + x (c₁ + x (c₂ + …)), each step rounded once. */
  static Expr polynomial(Expr x, double... coefficients) {
    Expr sum = number(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = fma(sum, x, number(coefficients[i]));
    }
    return sum;
  }

  static Expr bits(Expr x) {
    return Expr.bitcast(DType.I32, x);
  }

  static Expr fromBits(Expr bits) {
    return Expr.bitcast(DType.F32, bits);
  }

  /** 2ⁿ for n from -126 to 127, from its exponent bits. */
  static Expr powerOfTwo(Expr n) {
    Expr exponent = n.plus(Expr.integer(127));
    return fromBits(Expr.apply(ScalarOp.SHIFT_LEFT, exponent, Expr.integer(23)));
  }
}

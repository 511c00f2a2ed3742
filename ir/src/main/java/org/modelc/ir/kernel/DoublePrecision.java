package org.modelc.ir.kernel;

import org.modelc.runtime.spec.DType;

/** Short words for f64 expressions and their bits, for the expansions of functions. */
final class DoublePrecision {
  /** 1.5 × 2⁵²: added to a number below 2⁵¹, it leaves the nearest integer in the low bits. */
  static final Expr SHIFT = number(0x1.8p52);

  /** ln 2, and what f64 lacks of it. */
  static final double LN2 = 0x1.62e42fefa39efp-1;

  static final double LN2_REST = 0x1.abc9e3b39803fp-56;

  private static final int EXPONENT_BIAS = 1023;
  private static final int FRACTION_BITS = 52;

  private DoublePrecision() {}

  static Expr number(double value) {
    return Expr.constant(DType.F64, value);
  }

  static Expr whole(long value) {
    return new Expr.IntConst(DType.I64, value);
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

  static Expr equal(Expr x, double other) {
    return Expr.apply(ScalarOp.EQUAL, x, number(other));
  }

  static Expr and(Expr a, Expr b) {
    return Expr.apply(ScalarOp.AND, a, b);
  }

  /** The number within bounds; NaN stays. */
  static Expr clamp(Expr x, double low, double high) {
    Expr raised = Expr.select(less(x, low), number(low), x);
    return Expr.select(Expr.apply(ScalarOp.GREATER, x, number(high)), number(high), raised);
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
    return Expr.bitcast(DType.I64, x);
  }

  static Expr fromBits(Expr bits) {
    return Expr.bitcast(DType.F64, bits);
  }

  /** 2ⁿ for n from -1022 to 1023, from its exponent bits. */
  static Expr powerOfTwo(Expr n) {
    Expr exponent = n.plus(whole(EXPONENT_BIAS));
    return fromBits(Expr.apply(ScalarOp.SHIFT_LEFT, exponent, whole(FRACTION_BITS)));
  }

  /** A small integer as f64; few processors convert 64 bits in vectors. */
  static Expr toNumber(Expr small) {
    return fromBits(small.plus(bits(SHIFT))).minus(SHIFT);
  }

  /** 1 / (from!), 1 / ((from + step)!), …, with alternating signs if asked for. */
  static double[] reciprocalFactorials(int from, int step, int count, boolean alternating) {
    double[] coefficients = new double[count];
    double factorial = 1;
    int n = 1;
    for (int i = 0; i < count; i++) {
      // Exact up to 18!; beyond, each product is off by half a unit of the last place at most.
      for (; n <= from + i * step; n++) {
        factorial *= n;
      }
      coefficients[i] = (alternating && i % 2 == 0 ? -1 : 1) / factorial;
    }
    return coefficients;
  }
}

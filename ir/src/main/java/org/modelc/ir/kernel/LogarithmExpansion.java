package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.SinglePrecision.and;
import static org.modelc.ir.kernel.SinglePrecision.bits;
import static org.modelc.ir.kernel.SinglePrecision.fma;
import static org.modelc.ir.kernel.SinglePrecision.fromBits;
import static org.modelc.ir.kernel.SinglePrecision.greater;
import static org.modelc.ir.kernel.SinglePrecision.less;
import static org.modelc.ir.kernel.SinglePrecision.number;
import static org.modelc.ir.kernel.SinglePrecision.polynomial;

import org.modelc.runtime.spec.DType;

/** Logarithms in f32: x = 2ⁿ (1 + f) with 2/3 ≤ 1 + f &lt; 4/3, log(x) = n ln 2 + log1p(f). */
final class LogarithmExpansion {
  /** (log1p(f) − f) / f². */
  private static final double[] LOG = {
    -5.e-01f,
    3.3333215e-01f,
    -2.4999806e-01f,
    2.0010427e-01f,
    -1.6680196e-01f,
    1.4005734e-01f,
    -1.218748e-01f,
    1.3984594e-01f,
    -1.2880033e-01f
  };

  private static final Expr TWO_THIRDS = Expr.integer(0x3f2aaaab);
  private static final Expr MANTISSA = Expr.integer(0x7fffff);
  private static final Expr EXPONENT = Expr.integer(0xff800000);
  private static final double LEAST_NORMAL = 0x1p-126;

  private LogarithmExpansion() {}

  /** Up to 1 ulp; −∞ at 0, NaN below. */
  static Expr log(Expr x) {
    Expr subnormal = less(x, LEAST_NORMAL);
    Expr normal = Expr.select(subnormal, x.times(number(0x1p23)), x);
    Expr above = bits(normal).minus(TWO_THIRDS);
    Expr f = fromBits(and(above, MANTISSA).plus(TWO_THIRDS)).minus(number(1));
    Expr lost = Expr.select(subnormal, number(-23), number(0));
    return guarded(x, 0, joined(f, power(above).plus(lost)));
  }

  /** Up to 1.4 ulp; −∞ at -1, NaN below. */
  static Expr log1p(Expr x) {
    Expr above = and(bits(x.plus(number(1))).minus(TWO_THIRDS), EXPONENT);
    // (1 + x) 2⁻ⁿ − 1 without rounding 1 + x: both parts are scaled by way of their exponents.
    Expr part = fromBits(bits(x).minus(above));
    Expr fourth = fromBits(Expr.integer(0x40800000).minus(above));
    Expr f = part.plus(fma(fourth, number(0.25), number(-1)));
    return guarded(x, -1, joined(f, power(above)));
  }

  private static Expr power(Expr exponentBits) {
    Expr n = Expr.apply(ScalarOp.SHIFT_RIGHT, exponentBits, Expr.integer(23));
    return Expr.cast(DType.F32, n);
  }

  private static Expr joined(Expr f, Expr n) {
    Expr logarithm = fma(f.times(f), polynomial(f, LOG), f);
    return fma(n, number(SinglePrecision.LN2), logarithm);
  }

  /**
   * The result for finite arguments above a pole; −∞ there, NaN below it, ∞ and NaN as they are.
   */
  private static Expr guarded(Expr x, double pole, Expr result) {
    Expr infinity = number(Double.POSITIVE_INFINITY);
    Expr above = greater(x, pole);
    Expr finite = and(above, Expr.apply(ScalarOp.LESS, x, infinity));
    Expr outside = Expr.select(above, x, number(Double.NaN));
    Expr atPole = Expr.apply(ScalarOp.EQUAL, x, number(pole));
    Expr special = Expr.select(atPole, number(Double.NEGATIVE_INFINITY), outside);
    return Expr.select(finite, result, special);
  }
}

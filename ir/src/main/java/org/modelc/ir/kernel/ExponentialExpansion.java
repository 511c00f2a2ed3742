package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.SinglePrecision.SHIFT;
import static org.modelc.ir.kernel.SinglePrecision.absolute;
import static org.modelc.ir.kernel.SinglePrecision.clamp;
import static org.modelc.ir.kernel.SinglePrecision.fma;
import static org.modelc.ir.kernel.SinglePrecision.less;
import static org.modelc.ir.kernel.SinglePrecision.negative;
import static org.modelc.ir.kernel.SinglePrecision.number;
import static org.modelc.ir.kernel.SinglePrecision.polynomial;
import static org.modelc.ir.kernel.SinglePrecision.powerOfTwo;

/**
 * The exponential function and what comes from it, in f32: x = n ln 2 + r with |r| ≤ ½ ln 2, exp(x)
 * = 2ⁿ exp(r).
 */
final class ExponentialExpansion {
  private static final double LOG2_E = 1.4426950216293335;

  /** (exp(r) − 1 − r) / r². */
  private static final double[] EXP = {
    4.9999994e-01f, 1.6666512e-01f, 4.16683e-02f, 8.369828e-03f, 1.3820631e-03f
  };

  /** (tanh(x) − x) / x³ in x², for |x| ≤ 0.625. */
  private static final double[] TANH = {
    -3.333328e-01f, 1.3331406e-01f, -5.3736515e-02f, 2.0628167e-02f, -5.692296e-03f
  };

  private static final double TANH_SMALL = 0.625;

  private ExponentialExpansion() {}

  /**
   * An argument taken apart.
   *
   * @param power n, i32
   * @param less1 exp(r) − 1
   */
  private record Reduced(Expr power, Expr less1) {
    static Reduced of(Expr x) {
      Expr shifted = fma(x, number(LOG2_E), SHIFT);
      Expr n = shifted.minus(SHIFT);
      Expr high = fma(n, number(-SinglePrecision.LN2), x);
      Expr r = fma(n, number(-SinglePrecision.LN2_REST), high);
      Expr less1 = fma(r.times(r), polynomial(r, EXP), r);
      Expr power = SinglePrecision.bits(shifted).minus(SinglePrecision.bits(SHIFT));
      return new Reduced(power, less1);
    }
  }

  /** Up to 1 ulp, subnormal results too; ∞ above 88.73, 0 below -103.98. */
  static Expr exp(Expr x) {
    Reduced reduced = Reduced.of(clamp(x, -105, 89));
    Expr value = reduced.less1().plus(number(1));
    // Two factors, because 2ⁿ alone leaves the range at both ends before the result does.
    Expr half = Expr.apply(ScalarOp.SHIFT_RIGHT, reduced.power(), Expr.integer(1));
    Expr other = reduced.power().minus(half);
    return value.times(powerOfTwo(half)).times(powerOfTwo(other));
  }

  /** As {@link #exp}, bit by bit, for x from -87 to 88 and NaN; anything for others. */
  static Expr moderateExp(Expr x) {
    Reduced reduced = Reduced.of(x);
    return reduced.less1().plus(number(1)).times(powerOfTwo(reduced.power()));
  }

  /** Up to 2 ulp. */
  static Expr expm1(Expr x) {
    Reduced reduced = Reduced.of(clamp(x, -25, 89));
    Expr halfPower = powerOfTwo(reduced.power().minus(Expr.integer(1)));
    Expr half = fma(reduced.less1(), halfPower, halfPower.minus(number(0.5)));
    return half.plus(half);
  }

  /**
   * Up to 2 ulp for x ≥ -88; 0 below -89, where the result is subnormal. It is ½ / (½ + ½ exp(−x)),
   * the divisor rounded once.
   */
  static Expr sigmoid(Expr x) {
    Reduced reduced = Reduced.of(clamp(negative(x), -25, 89));
    Expr halfPower = powerOfTwo(reduced.power().minus(Expr.integer(1)));
    Expr divisor = fma(reduced.less1(), halfPower, halfPower.plus(number(0.5)));
    return Expr.select(less(x, -89), number(0), number(0.5).dividedBy(divisor));
  }

  /** Up to 2 ulp: a polynomial near 0, else 1 − 2 / (exp(2|x|) + 1). */
  static Expr tanh(Expr x) {
    Expr square = x.times(x);
    Expr near = fma(square.times(polynomial(square, TANH)), x, x);
    Expr size = absolute(x);
    // From 20 on the result is 1.
    Expr clamped = SinglePrecision.atMost(size, 20);
    Expr above = moderateExp(clamped.plus(clamped)).plus(number(1));
    Expr far = number(1).minus(number(2).dividedBy(above));
    return Expr.select(less(size, TANH_SMALL), near, SinglePrecision.withSign(far, x));
  }
}

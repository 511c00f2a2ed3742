package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.DoublePrecision.absolute;
import static org.modelc.ir.kernel.DoublePrecision.and;
import static org.modelc.ir.kernel.DoublePrecision.bits;
import static org.modelc.ir.kernel.DoublePrecision.clamp;
import static org.modelc.ir.kernel.DoublePrecision.equal;
import static org.modelc.ir.kernel.DoublePrecision.fma;
import static org.modelc.ir.kernel.DoublePrecision.fromBits;
import static org.modelc.ir.kernel.DoublePrecision.less;
import static org.modelc.ir.kernel.DoublePrecision.negative;
import static org.modelc.ir.kernel.DoublePrecision.number;
import static org.modelc.ir.kernel.DoublePrecision.polynomial;
import static org.modelc.ir.kernel.DoublePrecision.powerOfTwo;
import static org.modelc.ir.kernel.DoublePrecision.whole;

/**
 * Functions of f64 as arithmetic, for backends without a library of them; each up to 2 ulp. The
 * polynomials are Taylor's, long enough for their intervals; that of erf for large arguments
 * interpolates at Chebyshev's nodes ({@code testkit/fixtures/scalar_expansion.py}).
 */
final class DoubleExpansion {
  private static final double LOG2_E = 0x1.71547652b82fep+0;
  private static final double LEAST_NORMAL = 0x1p-1022;

  /** (exp(r) − 1 − r) / r², for |r| ≤ ½ ln 2. */
  private static final double[] EXP = DoublePrecision.reciprocalFactorials(2, 1, 12, false);

  /** (sin(r) − r) / r³ and (cos(r) − 1 + r²/2) / r⁴ in r², for |r| ≤ π/4. */
  private static final double[] SIN = DoublePrecision.reciprocalFactorials(3, 2, 8, true);

  private static final double[] COS = negated(DoublePrecision.reciprocalFactorials(4, 2, 7, true));

  /** (log((1 + s) / (1 − s)) − 2s) / s³ in s², for |s| ≤ 1/5. */
  static final double[] LOG = areaTangent();

  private static final Expr TWO_THIRDS = whole(0x3fe5555500000000L);
  private static final Expr FRACTION = whole(0xfffffffffffffL);
  private static final Expr EXPONENT = whole(0xfff0000000000000L);

  private static final double HALF_PI = 0x1.921fb54442d18p+0;
  private static final double HALF_PI_REST = 0x1.1a62633145c07p-54;
  private static final double HALF_PI_LAST = -0x1.f1976b7ed8fbcp-110;
  private static final double LARGEST_ANGLE = 0x1p45;

  private DoubleExpansion() {}

  private static double[] negated(double[] coefficients) {
    return java.util.Arrays.stream(coefficients).map(c -> -c).toArray();
  }

  private static double[] areaTangent() {
    double[] coefficients = new double[11];
    java.util.Arrays.setAll(coefficients, k -> 2.0 / (2 * k + 3));
    return coefficients;
  }

  /**
   * An argument x = n ln 2 + r taken apart.
   *
   * @param power n, i64
   * @param less1 exp(r) − 1
   */
  private record Reduced(Expr power, Expr less1) {
    static Reduced of(Expr x) {
      Expr shifted = fma(x, number(LOG2_E), DoublePrecision.SHIFT);
      Expr n = shifted.minus(DoublePrecision.SHIFT);
      Expr high = fma(n, number(-DoublePrecision.LN2), x);
      Expr r = fma(n, number(-DoublePrecision.LN2_REST), high);
      Expr less1 = fma(r.times(r), polynomial(r, EXP), r);
      return new Reduced(bits(shifted).minus(bits(DoublePrecision.SHIFT)), less1);
    }
  }

  static Expr exp(Expr x) {
    return exp(x, null);
  }

  /** exp(x) × (1 + small), rounded about once; {@code small} may be null. */
  static Expr exp(Expr x, Expr small) {
    Reduced reduced = Reduced.of(clamp(x, -746, 710));
    Expr less1 = reduced.less1();
    if (small != null) {
      less1 = less1.plus(fma(less1, small, small));
    }
    Expr value = less1.plus(number(1));
    // Two factors, because 2ⁿ alone leaves the range at both ends before the result does.
    Expr half = Expr.apply(ScalarOp.SHIFT_RIGHT, reduced.power(), whole(1));
    Expr other = reduced.power().minus(half);
    return value.times(powerOfTwo(half)).times(powerOfTwo(other));
  }

  static Expr expm1(Expr x) {
    Reduced reduced = Reduced.of(clamp(x, -45, 710));
    Expr halfPower = powerOfTwo(reduced.power().minus(whole(1)));
    Expr half = fma(reduced.less1(), halfPower, halfPower.minus(number(0.5)));
    return half.plus(half);
  }

  /** For x ≥ -708; 0 below -709.5. */
  static Expr sigmoid(Expr x) {
    Reduced reduced = Reduced.of(clamp(negative(x), -45, 709.5));
    Expr halfPower = powerOfTwo(reduced.power().minus(whole(1)));
    Expr divisor = fma(reduced.less1(), halfPower, halfPower.plus(number(0.5)));
    return Expr.select(less(x, -709.5), number(0), number(0.5).dividedBy(divisor));
  }

  /** With t = expm1(2|x|): t / (t + 2), and above 1: 1 − 2 / (t + 2). */
  static Expr tanh(Expr x) {
    Expr size = absolute(x);
    Expr small = expm1(Expr.apply(ScalarOp.MINIMUM, size.plus(size), number(45)));
    Expr divisor = small.plus(number(2));
    Expr far = number(1).minus(number(2).dividedBy(divisor));
    Expr near = small.dividedBy(divisor);
    Expr value = Expr.select(less(size, 1), near, far);
    Expr signed = Expr.select(less(x, 0), negative(value), value);
    return Expr.select(less(size, 0x1p-28), x, signed);
  }

  /** x = 2ⁿ (1 + f) with 2/3 ≤ 1 + f &lt; 4/3. */
  record Logarithm(Expr n, Expr f) {
    /** Of a positive number. */
    static Logarithm of(Expr x) {
      Expr subnormal = less(x, LEAST_NORMAL);
      Expr normal = Expr.select(subnormal, x.times(number(0x1p54)), x);
      Expr above = bits(normal).minus(TWO_THIRDS);
      Expr f = fromBits(and(above, FRACTION).plus(TWO_THIRDS)).minus(number(1));
      Expr lost = Expr.select(subnormal, number(-54), number(0));
      return new Logarithm(power(above).plus(lost), f);
    }

    static Expr power(Expr above) {
      return DoublePrecision.toNumber(Expr.apply(ScalarOp.SHIFT_RIGHT, above, whole(52)));
    }

    /** n ln 2 + log1p(f), the smallest parts first. */
    Expr joined() {
      Expr s = f.dividedBy(f.plus(number(2)));
      Expr z = s.times(s);
      Expr half = f.times(f).times(number(0.5));
      Expr tail =
          fma(n, number(DoublePrecision.LN2_REST), s.times(fma(z, polynomial(z, LOG), half)));
      Expr small = half.minus(tail);
      // n ln 2 + f − small; the sum of the first two is taken with its error.
      Expr high = fma(n, number(DoublePrecision.LN2), f);
      Expr error = fma(n, number(DoublePrecision.LN2), f.minus(high));
      Expr exact = Expr.select(equal(n, 0), number(0), error);
      return high.plus(exact.minus(small));
    }
  }

  /** −∞ at 0, NaN below. */
  static Expr log(Expr x) {
    return guarded(x, 0, Logarithm.of(x).joined());
  }

  /** −∞ at -1, NaN below. */
  static Expr log1p(Expr x) {
    Expr above = and(bits(x.plus(number(1))).minus(TWO_THIRDS), EXPONENT);
    // (1 + x) 2⁻ⁿ − 1 without rounding 1 + x: both parts are scaled by way of their exponents.
    Expr part = fromBits(bits(x).minus(above));
    Expr fourth = fromBits(whole(0x4010000000000000L).minus(above));
    Expr f = part.plus(fma(fourth, number(0.25), number(-1)));
    Expr result = new Logarithm(Logarithm.power(above), f).joined();
    return Expr.select(less(absolute(x), 0x1p-54), x, guarded(x, -1, result));
  }

  /** The result for finite arguments above a pole; −∞ there, NaN below it, ∞ and NaN as given. */
  private static Expr guarded(Expr x, double pole, Expr result) {
    Expr above = Expr.apply(ScalarOp.GREATER, x, number(pole));
    Expr finite = and(above, less(x, Double.POSITIVE_INFINITY));
    Expr outside = Expr.select(above, x, number(Double.NaN));
    Expr special = Expr.select(equal(x, pole), number(Double.NEGATIVE_INFINITY), outside);
    return Expr.select(finite, result, special);
  }

  /** For |x| ≤ 2⁴⁵; NaN beyond. */
  static Expr sin(Expr x) {
    return quarters(x, 0);
  }

  /** For |x| ≤ 2⁴⁵; NaN beyond. */
  static Expr cos(Expr x) {
    return quarters(x, 1);
  }

  /** The sine of x + quarters × π/2. */
  private static Expr quarters(Expr x, int quarters) {
    Expr shifted = fma(x, number(1 / HALF_PI), DoublePrecision.SHIFT);
    Expr n = shifted.minus(DoublePrecision.SHIFT);
    // The first difference is exact: its bits reach no lower than those of HALF_PI.
    Expr first = fma(n, number(-HALF_PI), x);
    Expr second = fma(n, number(-HALF_PI_REST), first);
    Expr r = fma(n, number(-HALF_PI_LAST), second);
    Expr quarter = bits(shifted).plus(whole(quarters));
    Expr odd = Expr.apply(ScalarOp.NOT_EQUAL, and(quarter, whole(1)), whole(0));
    Expr value = Expr.select(odd, cosine(r), sine(r));
    Expr sign = Expr.apply(ScalarOp.SHIFT_LEFT, and(quarter, whole(2)), whole(62));
    Expr signed = fromBits(Expr.apply(ScalarOp.XOR, bits(value), sign));
    Expr known = Expr.apply(ScalarOp.LESS_EQUAL, absolute(x), number(LARGEST_ANGLE));
    Expr result = Expr.select(known, signed, number(Double.NaN));
    return quarters == 0 ? Expr.select(equal(x, 0), x, result) : result;
  }

  private static Expr sine(Expr r) {
    Expr square = r.times(r);
    return fma(square.times(polynomial(square, SIN)), r, r);
  }

  private static Expr cosine(Expr r) {
    Expr square = r.times(r);
    Expr parabola = fma(square, number(-0.5), number(1));
    return fma(square.times(square), polynomial(square, COS), parabola);
  }
}

package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.SinglePrecision.and;
import static org.modelc.ir.kernel.SinglePrecision.fma;
import static org.modelc.ir.kernel.SinglePrecision.number;
import static org.modelc.ir.kernel.SinglePrecision.polynomial;

import org.modelc.runtime.spec.DType;

/**
 * Sine and cosine in f32: x = n π/2 + r with |r| ≤ π/4. The reduction is done in f64, so that it
 * needs two constants for all arguments up to 2⁴⁵; there the spacing of f32 is 2²², so a larger
 * angle says nothing, and gives NaN.
 */
final class TrigonometricExpansion {
  /** (sin(r) − r) / r³ in r². */
  private static final double[] SIN = {
    -1.6666667e-01f, 8.333379e-03f, -1.9852983e-04f, 2.8308018e-06f
  };

  /** (cos(r) − 1 + r²/2) / r⁴ in r². */
  private static final double[] COS = {4.1666646e-02f, -1.3887298e-03f, 2.4430086e-05f};

  private static final double HALF_PI = 0x1.921fb54442d18p+0;
  private static final double HALF_PI_REST = 0x1.1a62633145c07p-54;

  /** 1.5 × 2⁵²: leaves the nearest integer in the low bits of a f64. */
  private static final Expr SHIFT = wide(0x1.8p52);

  private static final double LARGEST = 0x1p45;

  private TrigonometricExpansion() {}

  private static Expr wide(double value) {
    return Expr.constant(DType.F64, value);
  }

  /** Up to 1.6 ulp for |x| ≤ 2⁴⁵. */
  static Expr sin(Expr x) {
    return quarters(x, 0);
  }

  /** Up to 1.6 ulp for |x| ≤ 2⁴⁵. */
  static Expr cos(Expr x) {
    return quarters(x, 1);
  }

  /** The sine of x + quarters × π/2. */
  private static Expr quarters(Expr x, int quarters) {
    Expr angle = Expr.cast(DType.F64, x);
    Expr shifted = fma(angle, wide(2 / Math.PI), SHIFT);
    Expr n = shifted.minus(SHIFT);
    Expr high = fma(n, wide(-HALF_PI), angle);
    Expr r = Expr.cast(DType.F32, fma(n, wide(-HALF_PI_REST), high));
    Expr count = Expr.cast(DType.I32, Expr.bitcast(DType.I64, shifted));
    Expr quarter = quarters == 0 ? count : count.plus(Expr.integer(quarters));
    Expr signed = SinglePrecision.fromBits(signed(quarter, blend(quarter, sine(r), cosine(r))));
    Expr known = Expr.apply(ScalarOp.LESS_EQUAL, SinglePrecision.absolute(x), number(LARGEST));
    return Expr.select(known, signed, number(Double.NaN));
  }

  /** The bits of one of two values, by the lowest bit: quarters follow no order to be predicted. */
  private static Expr blend(Expr quarter, Expr even, Expr odd) {
    Expr mask = Expr.integer(0).minus(and(quarter, Expr.integer(1)));
    Expr ifOdd = and(SinglePrecision.bits(odd), mask);
    Expr ifEven = and(SinglePrecision.bits(even), Expr.apply(ScalarOp.NOT, mask));
    return Expr.apply(ScalarOp.OR, ifOdd, ifEven);
  }

  /** Turns the sign of the third and fourth quarter. */
  private static Expr signed(Expr quarter, Expr bits) {
    Expr sign = Expr.apply(ScalarOp.SHIFT_LEFT, and(quarter, Expr.integer(2)), Expr.integer(30));
    return Expr.apply(ScalarOp.XOR, bits, sign);
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

package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.DoublePrecision.absolute;
import static org.modelc.ir.kernel.DoublePrecision.and;
import static org.modelc.ir.kernel.DoublePrecision.equal;
import static org.modelc.ir.kernel.DoublePrecision.fma;
import static org.modelc.ir.kernel.DoublePrecision.less;
import static org.modelc.ir.kernel.DoublePrecision.negative;
import static org.modelc.ir.kernel.DoublePrecision.number;
import static org.modelc.ir.kernel.DoublePrecision.polynomial;

import org.modelc.runtime.spec.DType;

/**
 * Powers as exp(y log|x|), with the special cases of {@link Math#pow}. In f64 the logarithm has
 * about 66 bits, as a sum of two numbers; f32 is computed in f64, whose logarithm has bits enough.
 */
final class PowerExpansion {
  /** Beyond it every power overflows or vanishes. */
  private static final double LARGEST = 800;

  /** 2/3, and what f64 lacks of it. */
  private static final double TWO_THIRDS = 0x1.5555555555555p-1;

  private static final double TWO_THIRDS_REST = 0x1.5555555555555p-55;

  private PowerExpansion() {}

  /** A number as the sum of two, the second below the last place of the first. */
  private record Sum(Expr high, Expr low) {
    /** Exact (Knuth's two-sum). */
    static Sum of(Expr a, Expr b) {
      Expr sum = a.plus(b);
      Expr partOfB = sum.minus(a);
      Expr partOfA = sum.minus(partOfB);
      return new Sum(sum, a.minus(partOfA).plus(b.minus(partOfB)));
    }

    /** Exact. */
    static Sum product(Expr a, Expr b) {
      Expr product = a.times(b);
      return new Sum(product, fma(a, b, negative(product)));
    }

    Sum plus(Sum other) {
      Sum sum = of(high, other.high);
      return of(sum.high, sum.low.plus(low.plus(other.low)));
    }

    Sum times(Sum other) {
      Sum product = product(high, other.high);
      return of(product.high, product.low.plus(fma(high, other.low, low.times(other.high))));
    }
  }

  /** Up to 2 ulp. */
  static Expr power(Expr x, Expr y) {
    Expr size = absolute(x);
    Sum logarithm = logarithm(DoubleExpansion.Logarithm.of(size));
    Expr high = special(size, logarithm.high);
    Expr product = y.times(high);
    Expr rest = fma(y, high, negative(product)).plus(y.times(logarithm.low));
    Expr inRange = less(absolute(product), LARGEST);
    Expr value = DoubleExpansion.exp(product, Expr.select(inRange, rest, number(0)));
    return signed(x, y, value);
  }

  /** Of f32, up to 1 ulp. */
  static Expr single(Expr x, Expr y) {
    Expr base = Expr.cast(DType.F64, x);
    Expr exponent = Expr.cast(DType.F64, y);
    Expr logarithm = DoubleExpansion.log(absolute(base));
    Expr value = DoubleExpansion.exp(exponent.times(logarithm));
    return Expr.cast(DType.F32, signed(base, exponent, value));
  }

  /** n ln 2 + log(1 + f) by the series in s = f / (2 + f). */
  private static Sum logarithm(DoubleExpansion.Logarithm parts) {
    Expr f = parts.f();
    Expr divisor = f.plus(number(2));
    Expr divisorRest = f.minus(divisor.minus(number(2)));
    Expr s = f.dividedBy(divisor);
    Expr left = fma(negative(s), divisor, f).minus(s.times(divisorRest));
    Sum quotient = new Sum(s, left.dividedBy(divisor));
    Sum square = quotient.times(quotient);
    double[] further = java.util.Arrays.copyOfRange(DoubleExpansion.LOG, 1, 11);
    Expr tail = square.high.times(polynomial(square.high, further));
    Sum series = Sum.of(number(TWO_THIRDS), tail);
    series = new Sum(series.high, series.low.plus(number(TWO_THIRDS_REST)));
    Sum cube = quotient.times(square).times(series);
    Sum twice = new Sum(s.plus(s), quotient.low.plus(quotient.low));
    Sum fraction = twice.plus(cube);
    Sum whole = Sum.product(parts.n(), number(DoublePrecision.LN2));
    Expr wholeRest = fma(parts.n(), number(DoublePrecision.LN2_REST), whole.low);
    return new Sum(whole.high, wholeRest).plus(fraction);
  }

  /** The logarithm where the series does not hold: of 0, ∞ and NaN. */
  private static Expr special(Expr size, Expr logarithm) {
    Expr finite = less(size, Double.POSITIVE_INFINITY);
    Expr known = Expr.select(finite, logarithm, size);
    return Expr.select(equal(size, 0), number(Double.NEGATIVE_INFINITY), known);
  }

  /** The sign of odd powers of negative numbers; NaN for powers that are no integers. */
  private static Expr signed(Expr x, Expr y, Expr value) {
    Expr half = y.times(number(0.5));
    Expr whole = Expr.apply(ScalarOp.EQUAL, Expr.apply(ScalarOp.FLOOR, y), y);
    Expr odd = and(whole, Expr.apply(ScalarOp.NOT_EQUAL, Expr.apply(ScalarOp.FLOOR, half), half));
    Expr bits = DoublePrecision.bits(x);
    Expr minus = Expr.apply(ScalarOp.LESS, bits, DoublePrecision.whole(0));
    Expr turned = Expr.select(and(minus, odd), negative(value), value);
    Expr finiteNegative =
        and(less(x, 0), Expr.apply(ScalarOp.GREATER, x, number(Double.NEGATIVE_INFINITY)));
    Expr fraction = Expr.apply(ScalarOp.NOT, whole);
    Expr real = Expr.select(and(finiteNegative, fraction), number(Double.NaN), turned);
    return Expr.select(equal(y, 0), number(1), real);
  }
}

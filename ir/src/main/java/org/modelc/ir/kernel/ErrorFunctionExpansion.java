package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.SinglePrecision.absolute;
import static org.modelc.ir.kernel.SinglePrecision.fma;
import static org.modelc.ir.kernel.SinglePrecision.less;
import static org.modelc.ir.kernel.SinglePrecision.number;
import static org.modelc.ir.kernel.SinglePrecision.polynomial;

/** The error function in f32: a polynomial near 0, else 1 − exp of one. */
final class ErrorFunctionExpansion {
  /** erf(x) / x − 1 in x², for |x| ≤ 0.921875. */
  private static final double[] NEAR = {
    1.2837915e-01f, -3.7612498e-01f, 1.12818435e-01f, -2.6767349e-02f, 4.994038e-03f, -5.994505e-04f
  };

  /** log(erfc(t)) + t, for t from 0.921875 to 4, where erf is 1 in f32. */
  private static final double[] FAR = {
    -1.9855253e-04f,
    -1.2766375e-01f,
    -6.3720226e-01f,
    -1.0391399e-01f,
    2.2218399e-02f,
    -3.0410658e-03f,
    1.9571595e-04f
  };

  private static final double NEAR_LIMIT = 0.921875;

  private ErrorFunctionExpansion() {}

  /** Up to 1 ulp. */
  static Expr erf(Expr x) {
    Expr square = x.times(x);
    Expr near = fma(polynomial(square, NEAR), x, x);
    Expr size = absolute(x);
    Expr clamped = SinglePrecision.atMost(size, 4);
    Expr exponent = polynomial(clamped, FAR).minus(clamped);
    Expr far = number(1).minus(ExponentialExpansion.moderateExp(exponent));
    return Expr.select(less(size, NEAR_LIMIT), near, SinglePrecision.withSign(far, x));
  }
}

package org.modelc.ir.kernel;

import static org.modelc.ir.kernel.DoublePrecision.absolute;
import static org.modelc.ir.kernel.DoublePrecision.fma;
import static org.modelc.ir.kernel.DoublePrecision.less;
import static org.modelc.ir.kernel.DoublePrecision.negative;
import static org.modelc.ir.kernel.DoublePrecision.number;
import static org.modelc.ir.kernel.DoublePrecision.polynomial;

/** The error function in f64: a series near 0, else 1 − exp(−x²) erfcx(x). */
final class DoubleErrorFunction {
  /** erf(x) / x − 1 in x², for |x| &lt; 0.84375. */
  private static final double[] NEAR = {
    0x1.06eba8214db69p-3, -0x1.812746b0379e7p-2, 0x1.ce2f21a042be2p-4,
    -0x1.b82ce31288b51p-6, 0x1.565bcd0e6a53fp-8, -0x1.c02db40040b86p-11,
    0x1.f9a326f9b89b7p-14, -0x1.f4d25c3e0c2ebp-17, 0x1.b9e6c9dc651a3p-20,
    -0x1.5f742ec43e71ap-23, 0x1.fcc5720624c1cp-27, -0x1.51d7181c5d36dp-30,
    0x1.9e6ad5e55a730p-34, -0x1.d8453cb0c46eap-38, 0x1.f683ae4a97007p-42,
    -0x1.f56f071a885cfp-46, 0x1.d70b3537f4765p-50
  };

  /** exp(x²) (1 − erf(x)) in (x − 2.25) / (x + 2.25), for x from 0.84375 to 6. */
  private static final double[] FAR = {
    0x1.d94446d627932p-3, -0x1.97beed129e296p-2, 0x1.ff4e7f92624e4p-3,
    -0x1.ae49942a7cc2ap-4, 0x1.635951a6a8a8fp-6, 0x1.bcc257dc29292p-9,
    -0x1.6accfc3814322p-9, -0x1.86ce13a88850cp-13, 0x1.8ff320bad4b79p-12,
    0x1.7e1d840b45770p-15, -0x1.e8927d2e6b3d1p-15, -0x1.168eab8515500p-16,
    0x1.04c95c0467ac8p-17, 0x1.521e1ab9c21aap-18, -0x1.345147a209c43p-22,
    -0x1.170e9385f6441p-20, -0x1.e784ee830c4e5p-23
  };

  private static final double NEAR_LIMIT = 0.84375;
  private static final double MIDDLE = 2.25;

  private DoubleErrorFunction() {}

  static Expr erf(Expr x) {
    Expr near = fma(polynomial(x.times(x), NEAR), x, x);
    Expr size = absolute(x);
    Expr clamped = Expr.apply(ScalarOp.MINIMUM, size, number(6));
    Expr place = clamped.minus(number(MIDDLE)).dividedBy(clamped.plus(number(MIDDLE)));
    Expr gauss = DoubleExpansion.exp(negative(clamped.times(clamped)));
    Expr far = number(1).minus(gauss.times(polynomial(place, FAR)));
    Expr signed = Expr.select(less(x, 0), negative(far), far);
    return Expr.select(less(size, NEAR_LIMIT), near, signed);
  }
}

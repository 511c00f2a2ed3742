package org.modelc.runtime.kernels;

/**
 * erf by W. J. Cody's rational approximations, Math. Comp. 23 (1969) 631-637; relative error below
 * 1e-15.
 */
public final class ErrorFunction {
  private static final double[] A = {
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
    1.85777706184603153e-1
  };
  private static final double[] B = {
    2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03, 2.84423683343917062e03
  };
  private static final double[] C = {
    5.64188496988670089e-1, 8.88314979438837594e00, 6.61191906371416295e01,
    2.98635138197400131e02, 8.81952221241769090e02, 1.71204761263407058e03,
    2.05107837782607147e03, 1.23033935479799725e03, 2.15311535474403846e-8
  };
  private static final double[] D = {
    1.57449261107098347e01, 1.17693950891312499e02, 5.37181101862009858e02,
    1.62138957456669019e03, 3.29079923573345963e03, 4.36261909014324716e03,
    3.43936767414372164e03, 1.23033935480374942e03
  };
  private static final double[] P = {
    3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
    1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2
  };
  private static final double[] Q = {
    2.56852019228982242e00,
    1.87295284992346725e00,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3
  };
  private static final double SMALL = 0.46875;
  private static final double MIDDLE = 4;
  private static final double LARGE = 6;

  private ErrorFunction() {}

  /** erf(x); NaN for NaN. */
  public static double erf(double x) {
    double y = Math.abs(x);
    if (y <= SMALL) {
      return x * ratio(A, 4, B, y * y);
    } else if (y >= LARGE) {
      return Math.signum(x);
    } else if (Double.isNaN(x)) {
      return x;
    }
    double rest = y <= MIDDLE ? StrictMath.exp(-y * y) * ratio(C, 8, D, y) : tail(y);
    return x < 0 ? rest - 1 : 1 - rest;
  }

  private static double tail(double y) {
    double z = 1 / (y * y);
    double r = z * ratio(P, 5, Q, z);
    return StrictMath.exp(-y * y) * (1 / Math.sqrt(Math.PI) - r) / y;
  }

  /** Cody's order of coefficients: the leading one of the numerator stands last. */
  private static double ratio(double[] above, int degree, double[] below, double x) {
    double numerator = above[degree] * x;
    double denominator = x;
    for (int i = 0; i < degree - 1; i++) {
      numerator = (numerator + above[i]) * x;
      denominator = (denominator + below[i]) * x;
    }
    return (numerator + above[degree - 1]) / (denominator + below[degree - 1]);
  }
}

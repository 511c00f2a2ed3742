package org.modelc.ir.interpreter;

import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/**
 * The meaning of each {@link ScalarOp} in plain Java. Floating results are those of float64
 * whatever the type; integers wrap in their type.
 */
public final class ScalarFunctions {
  /** To the left of it gelu is -0: the error function of what is below -6 is taken as -1. */
  private static final double ZERO_GELU = -14;

  private ScalarFunctions() {}

  /**
   * Applies an operator.
   *
   * @param dtype the operands' type
   * @throws ArithmeticException for an integer division by zero
   */
  public static double apply(ScalarOp op, DType dtype, double... x) {
    return dtype.isFloating() ? floating(op, dtype, x) : integer(op, dtype, x);
  }

  private static double floating(ScalarOp op, DType dtype, double[] x) {
    return switch (op) {
      case ADD -> x[0] + x[1];
      case SUBTRACT -> x[0] - x[1];
      case MULTIPLY -> x[0] * x[1];
      case DIVIDE -> x[0] / x[1];
      case REMAINDER -> x[0] % x[1];
      case MINIMUM -> Math.min(x[0], x[1]);
      case MAXIMUM -> Math.max(x[0], x[1]);
      case POWER -> Math.pow(x[0], x[1]);
      case FMA -> Math.fma(x[0], x[1], x[2]);
      case NEGATE -> -x[0];
      case ABSOLUTE -> Math.abs(x[0]);
      case SQUARE_ROOT -> Math.sqrt(x[0]);
      case FLOOR -> Math.floor(x[0]);
      case CEILING -> Math.ceil(x[0]);
      case ROUND -> Math.rint(x[0]);
      case EXP -> Math.exp(x[0]);
      case LOG -> Math.log(x[0]);
      case SIN -> Math.sin(x[0]);
      case COS -> Math.cos(x[0]);
      case TANH -> Math.tanh(x[0]);
      case ERF -> erf(x[0]);
      case GELU -> gelu(x[0]);
      case SIGMOID -> 1 / (1 + Math.exp(-x[0]));
      case LOG1P -> Math.log1p(x[0]);
      case EXPM1 -> Math.expm1(x[0]);
      case IS_FINITE -> bool(Double.isFinite(x[0]));
      case EQUAL -> bool(x[0] == x[1]);
      case NOT_EQUAL -> bool(x[0] != x[1]);
      case LESS -> bool(x[0] < x[1]);
      case LESS_EQUAL -> bool(x[0] <= x[1]);
      case GREATER -> bool(x[0] > x[1]);
      case GREATER_EQUAL -> bool(x[0] >= x[1]);
      case BITCAST ->
          dtype == DType.F64
              ? Double.doubleToRawLongBits(x[0])
              : Float.floatToRawIntBits((float) x[0]);
      case AND, OR, XOR, NOT, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED ->
          throw mismatch(op, dtype);
    };
  }

  private static double integer(ScalarOp op, DType dtype, double[] x) {
    long a = (long) x[0];
    long b = x.length > 1 ? (long) x[1] : 0;
    boolean wide = dtype == DType.I64;
    return switch (op) {
      case ADD -> wrap(dtype, a + b);
      case SUBTRACT -> wrap(dtype, a - b);
      case MULTIPLY -> wrap(dtype, a * b);
      case DIVIDE -> wrap(dtype, a / b);
      case REMAINDER -> wrap(dtype, a % b);
      case MINIMUM -> Math.min(a, b);
      case MAXIMUM -> Math.max(a, b);
      case FMA -> wrap(dtype, a * b + (long) x[2]);
      case NEGATE -> wrap(dtype, -a);
      case ABSOLUTE -> wrap(dtype, Math.abs(a));
      case FLOOR, CEILING, ROUND -> a;
      case IS_FINITE -> 1;
      case EQUAL -> bool(a == b);
      case NOT_EQUAL -> bool(a != b);
      case LESS -> bool(a < b);
      case LESS_EQUAL -> bool(a <= b);
      case GREATER -> bool(a > b);
      case GREATER_EQUAL -> bool(a >= b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> dtype == DType.BOOL ? 1 - a : ~a;
      case SHIFT_LEFT -> wide ? a << b : wrap(dtype, (int) a << b);
      case SHIFT_RIGHT -> wide ? a >> b : (int) a >> b;
      case SHIFT_RIGHT_UNSIGNED -> wide ? a >>> b : (int) a >>> b;
      case BITCAST -> wide ? Double.longBitsToDouble(a) : Float.intBitsToFloat((int) a);
      case POWER, SQUARE_ROOT, EXP, LOG, SIN, COS, TANH, ERF, GELU, SIGMOID, LOG1P, EXPM1 ->
          throw mismatch(op, dtype);
    };
  }

  private static IllegalArgumentException mismatch(ScalarOp op, DType dtype) {
    return new IllegalArgumentException(op + " is not defined on " + dtype);
  }

  private static double bool(boolean value) {
    return value ? 1 : 0;
  }

  /** An integer's low bits as a signed number of the type. */
  public static double wrap(DType dtype, long value) {
    return switch (dtype) {
      case I8 -> (byte) value;
      case I32 -> (int) value;
      case BOOL -> value & 1;
      case I64, F32, F64, F16, BF16 -> value;
    };
  }

  /**
   * Conversion as in {@link org.modelc.ir.kernel.Expr.Cast}, without rounding to narrower floating
   * types: {@link #round} does that.
   */
  public static double cast(DType from, DType to, double value) {
    return switch (to) {
      case F32, F64, F16, BF16 -> value;
      case BOOL -> bool(value != 0);
      case I8 -> from.isFloating() ? clamp((int) value, -128, 127) : wrap(to, (long) value);
      case I32 -> from.isFloating() ? (int) value : wrap(to, (long) value);
      case I64 -> (long) value;
    };
  }

  private static int clamp(int value, int low, int high) {
    return Math.max(low, Math.min(high, value));
  }

  /** The nearest value that the type can hold; ties to even. Integers are taken as they are. */
  public static double round(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> (float) value;
      case F16 -> half((float) value);
      case BF16 -> bfloat((float) value);
      case F64, I8, I32, I64, BOOL -> value;
    };
  }

  /**
   * Multiples of the last place; that of the least numbers is 2⁻²⁴, and 65,520 rounds beyond all.
   */
  private static double half(float value) {
    if (!Float.isFinite(value)) {
      return value;
    }
    double place = Math.scalb(1.0, Math.max(Math.getExponent(value), -14) - 10);
    double rounded = Math.rint(value / place) * place;
    return Math.abs(rounded) < 0x1p16 ? rounded : Math.copySign(Double.POSITIVE_INFINITY, value);
  }

  private static float bfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    boolean finite = (bits & 0x7f800000) != 0x7f800000;
    int rounded = finite ? bits + 0x7fff + (bits >>> 16 & 1) : bits;
    return Float.intBitsToFloat(rounded & 0xffff0000);
  }

  /** At -∞ its limit, -0. */
  private static double gelu(double x) {
    double near = Math.max(x, ZERO_GELU);
    return 0.5 * near * (1 + erf(near * Math.sqrt(0.5)));
  }

  /**
   * The error function by Kummer's series e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)) (Abramowitz and
   * Stegun 7.1.6): all terms have one sign, so nothing cancels.
   */
  static double erf(double x) {
    if (Math.abs(x) > 6 || Double.isNaN(x)) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}

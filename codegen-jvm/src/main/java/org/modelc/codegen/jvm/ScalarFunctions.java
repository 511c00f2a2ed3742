package org.modelc.codegen.jvm;

import java.util.List;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/** Scalar operators as Java expressions. */
final class ScalarFunctions {
  private ScalarFunctions() {}

  /**
   * The Java expression.
   *
   * @param dtype the result's type
   * @param operand the operands' type
   * @param x the operands, each atomic or in parentheses
   */
  static String print(ScalarOp op, DType dtype, DType operand, List<String> x) {
    return switch (op) {
      case ADD,
          SUBTRACT,
          MULTIPLY,
          DIVIDE,
          REMAINDER,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          SHIFT_RIGHT_UNSIGNED ->
          arithmetic(op, dtype, x);
      case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, XOR -> infix(op, x);
      case MINIMUM -> "Math.min(" + x.get(0) + ", " + x.get(1) + ")";
      case MAXIMUM -> "Math.max(" + x.get(0) + ", " + x.get(1) + ")";
      case FMA -> "Math.fma(" + String.join(", ", x) + ")";
      case POWER -> strict(dtype, "pow", String.join(", ", x));
      case NEGATE -> wrap(dtype, "(-" + x.get(0) + ")");
      case ABSOLUTE -> wrap(dtype, "Math.abs(" + x.get(0) + ")");
      case SQUARE_ROOT -> math(dtype, "sqrt", x.get(0));
      case FLOOR -> math(dtype, "floor", x.get(0));
      case CEILING -> math(dtype, "ceil", x.get(0));
      case ROUND -> math(dtype, "rint", x.get(0));
      case SIN -> strict(dtype, "sin", x.get(0));
      case COS -> strict(dtype, "cos", x.get(0));
      case EXP -> strict(dtype, "exp", x.get(0));
      case LOG -> strict(dtype, "log", x.get(0));
      case LOG1P -> strict(dtype, "log1p", x.get(0));
      case EXPM1 -> strict(dtype, "expm1", x.get(0));
      case TANH -> strict(dtype, "tanh", x.get(0));
      case SIGMOID -> narrow(dtype, "(1.0 / (1.0 + StrictMath.exp(-(double) " + x.get(0) + ")))");
      case ERF -> narrow(dtype, "ErrorFunction.erf(" + x.get(0) + ")");
      case GELU -> throw new IllegalStateException(op + " of " + operand + " has no expansion");
      case IS_FINITE -> (operand == DType.F64 ? "Double" : "Float") + ".isFinite(" + x.get(0) + ")";
      case NOT -> (dtype == DType.BOOL ? "(!" : "(~") + x.get(0) + ")";
      case BITCAST -> bitcast(dtype, x.get(0));
    };
  }

  private static String infix(ScalarOp op, List<String> x) {
    return "(" + x.get(0) + " " + op.text() + " " + x.get(1) + ")";
  }

  private static String arithmetic(ScalarOp op, DType dtype, List<String> x) {
    return wrap(dtype, infix(op, x));
  }

  /** Eight-bit integers wrap at eight bits. */
  private static String wrap(DType dtype, String value) {
    return dtype == DType.I8 ? "((byte) " + value + ")" : value;
  }

  private static String math(DType dtype, String function, String operands) {
    return narrow(dtype, "Math." + function + "(" + operands + ")");
  }

  /** What the Java platform fixes to the bit; intrinsics of Math differ between machines. */
  private static String strict(DType dtype, String function, String operands) {
    return narrow(dtype, "StrictMath." + function + "(" + operands + ")");
  }

  private static String narrow(DType dtype, String value) {
    return dtype == DType.F64 ? value : "((float) " + value + ")";
  }

  private static String bitcast(DType dtype, String x) {
    return switch (dtype) {
      case F32, F16, BF16 -> "Float.intBitsToFloat(" + x + ")";
      case F64 -> "Double.longBitsToDouble(" + x + ")";
      case I32, I8, BOOL -> "Float.floatToRawIntBits(" + x + ")";
      case I64 -> "Double.doubleToRawLongBits(" + x + ")";
    };
  }

  /** A conversion as {@link org.modelc.ir.kernel.Expr.Cast} defines it. */
  static String cast(DType to, DType from, String x) {
    if (from == DType.BOOL) {
      String number = "(" + x + " ? 1 : 0)";
      return to == DType.BOOL ? x : "((" + JavaTypes.value(to) + ") " + number + ")";
    }
    return switch (to) {
      case BOOL -> "(" + x + " != 0)";
      case F32 -> "((float) " + x + ")";
      case F64 -> "((double) " + x + ")";
      case F16, BF16 -> JavaTypes.load(to, JavaTypes.store(to, "(float) " + x));
      case I32 -> "((int) " + x + ")";
      case I64 -> "((long) " + x + ")";
      case I8 ->
          from.isFloating()
              ? "Math.max(-128, Math.min(127, (int) " + x + "))"
              : "((byte) " + x + ")";
    };
  }
}

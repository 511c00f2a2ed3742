package org.modelc.codegen.cuda.emit;

import java.util.List;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/** Scalar operators as CUDA C++ expressions. */
final class ScalarFunctions {
  private final Prelude prelude;

  ScalarFunctions(Prelude prelude) {
    this.prelude = prelude;
  }

  /**
   * The C++ expression.
   *
   * @param dtype the result's type
   * @param operand the operands' type
   * @param x the operands, each atomic or in parentheses
   */
  String print(ScalarOp op, DType dtype, DType operand, List<String> x) {
    return switch (op) {
      case ADD -> arithmetic(op, dtype, "add", x);
      case SUBTRACT -> arithmetic(op, dtype, "subtract", x);
      case MULTIPLY -> arithmetic(op, dtype, "multiply", x);
      case DIVIDE -> arithmetic(op, dtype, "divide", x);
      case REMAINDER -> wrap(dtype, call("remainder_of", x));
      case MINIMUM -> extreme(dtype, "minimum", "&", x);
      case MAXIMUM -> extreme(dtype, "maximum", "|", x);
      case FMA -> fma(dtype, x);
      case NEGATE -> negate(dtype, x.get(0));
      case ABSOLUTE -> absolute(dtype, x.get(0));
      case SQUARE_ROOT -> math(dtype, "sqrt", x.get(0));
      case FLOOR -> rounded(dtype, "floor", x.get(0));
      case CEILING -> rounded(dtype, "ceil", x.get(0));
      case ROUND -> rounded(dtype, "rint", x.get(0));
      case IS_FINITE -> operand.isFloating() ? call("is_finite", x) : "true";
      case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> infix(op, x);
      case AND, OR, XOR -> logic(op, dtype, x);
      case SHIFT_LEFT -> shift(dtype, "shift_left", x);
      case SHIFT_RIGHT -> shift(dtype, "shift_right", x);
      case SHIFT_RIGHT_UNSIGNED -> shift(dtype, "shift_right_unsigned", x);
      case NOT -> dtype == DType.BOOL ? "!" + x.get(0) : wrap(dtype, "(~" + x.get(0) + ")");
      case BITCAST -> prelude.call(dtype.isFloating() ? "from_bits" : "bits", x.get(0));
      case POWER, EXP, LOG, SIN, COS, TANH, ERF, GELU, SIGMOID, LOG1P, EXPM1 ->
          throw new IllegalStateException(op + " of " + operand + " has no expansion");
    };
  }

  private String call(String function, List<String> x) {
    return prelude.call(function, x.toArray(String[]::new));
  }

  private static String infix(ScalarOp op, List<String> x) {
    return "(" + x.get(0) + " " + op.text() + " " + x.get(1) + ")";
  }

  private String arithmetic(ScalarOp op, DType dtype, String function, List<String> x) {
    return dtype.isFloating() ? infix(op, x) : wrap(dtype, call(function, x));
  }

  /** Eight-bit integers are computed in 32 bits, and wrap at eight. */
  private static String wrap(DType dtype, String value) {
    return dtype == DType.I8 ? "((signed char) " + value + ")" : value;
  }

  private String extreme(DType dtype, String function, String logical, List<String> x) {
    if (dtype == DType.BOOL) {
      return "(" + x.get(0) + " " + logical + " " + x.get(1) + ")";
    }
    return wrap(dtype, call(function, x));
  }

  private String fma(DType dtype, List<String> x) {
    if (dtype.isFloating()) {
      return (dtype == DType.F64 ? "fma(" : "fmaf(") + String.join(", ", x) + ")";
    }
    return wrap(dtype, prelude.call("add", call("multiply", x.subList(0, 2)), x.get(2)));
  }

  private String negate(DType dtype, String x) {
    String zero = dtype == DType.I64 ? "0LL" : "0";
    return dtype.isFloating() ? "(-" + x + ")" : wrap(dtype, prelude.call("subtract", zero, x));
  }

  private String absolute(DType dtype, String x) {
    if (dtype.isFloating()) {
      return math(dtype, "fabs", x);
    }
    return wrap(dtype, "(" + x + " < 0 ? " + negate(dtype, x) + " : " + x + ")");
  }

  private static String math(DType dtype, String function, String x) {
    return function + (dtype == DType.F64 ? "(" : "f(") + x + ")";
  }

  private static String rounded(DType dtype, String function, String x) {
    return dtype.isFloating() ? math(dtype, function, x) : x;
  }

  private static String logic(ScalarOp op, DType dtype, List<String> x) {
    String text = infix(op, x);
    return dtype == DType.BOOL ? "((bool) " + text + ")" : wrap(dtype, text);
  }

  /** Counts are taken modulo the width. */
  private String shift(DType dtype, String function, List<String> x) {
    if (dtype != DType.I8) {
      return call(function, x);
    }
    String value = function.endsWith("unsigned") ? "(" + x.get(0) + " & 255)" : x.get(0);
    return wrap(dtype, prelude.call(function, value, "(" + x.get(1) + " & 7)"));
  }

  /** A conversion as {@link org.modelc.ir.kernel.Expr.Cast} defines it. */
  String cast(DType to, DType from, String x) {
    boolean truncates = from.isFloating();
    return switch (to) {
      case BOOL -> from == DType.BOOL ? x : "(" + x + " != 0)";
      case F32 -> "((float) " + x + ")";
      case F64 -> "((double) " + x + ")";
      case F16, BF16 -> prelude.call("rounded_" + to, from == DType.F32 ? x : "(float) " + x);
      case I8 -> truncates ? prelude.call("to_i8", x) : "((signed char) " + x + ")";
      case I32 -> truncates ? prelude.call("to_i32", x) : "((int) " + x + ")";
      case I64 -> truncates ? prelude.call("to_i64", x) : "((long long) " + x + ")";
    };
  }
}

package org.modelc.ir.interpreter;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/**
 * Evaluates kernel expressions: {@link Long} for integers and booleans, {@link Double} for floating
 * numbers, rounded to the type of each expression.
 */
final class ExprInterpreter implements Expr.Visitor<Object> {
  private final KernelInterpreter memory;
  private final Map<String, Object> variables = new HashMap<>();
  private final Map<Expr, Object> known = new IdentityHashMap<>();

  /** Finished reductions, once there are some. */
  List<Object> reduced;

  ExprInterpreter(KernelInterpreter memory) {
    this.memory = memory;
  }

  void bind(String name, Object value) {
    variables.put(name, value);
    known.clear();
  }

  Object variable(String name) {
    return variables.get(name);
  }

  /** Forgets what was computed: memory has changed. */
  void forget() {
    known.clear();
  }

  Object value(Expr expr) {
    Object value = known.get(expr);
    if (value == null) {
      value = rounded(expr.dtype(), expr.accept(this));
      if (!(expr instanceof Expr.Reduced)) {
        known.put(expr, value);
      }
    }
    return value;
  }

  int[] indices(List<Expr> index) {
    int[] indices = new int[index.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = ((Long) value(index.get(i))).intValue();
    }
    return indices;
  }

  boolean isTrue(Expr condition) {
    return ((Number) value(condition)).doubleValue() != 0;
  }

  @Override
  public Object constant(Expr.Const expr) {
    return expr.dtype().isFloating() ? (Object) expr.value() : (Object) (long) expr.value();
  }

  @Override
  public Object integer(Expr.IntConst expr) {
    return expr.value();
  }

  @Override
  public Object size(Expr.Size expr) {
    return (long) memory.size(expr.dim());
  }

  @Override
  public Object variable(Expr.Var expr) {
    Object value = variables.get(expr.name());
    if (value == null) {
      throw new InterpreterException("variable " + expr.name() + " has no value");
    }
    return value;
  }

  @Override
  public Object load(Expr.Load expr) {
    return memory.read(expr.buffer(), indices(expr.index()));
  }

  @Override
  public Object apply(Expr.Apply expr) {
    Object[] operands = new Object[expr.operands().size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = value(expr.operands().get(i));
    }
    return apply(expr.op(), expr.dtype(), expr.operands().get(0).dtype(), operands);
  }

  /** A scalar function; integers are exact in 64 bits. */
  static Object apply(ScalarOp op, DType result, DType operand, Object... x) {
    if (op == ScalarOp.BITCAST) {
      return bitcast(result, operand, x[0]);
    }
    if (!operand.isFloating()) {
      Object exact = exact(op, operand, x);
      if (exact != null) {
        return rounded(result, exact);
      }
    }
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = ((Number) x[i]).doubleValue();
    }
    double value = ScalarFunctions.apply(op, operand, values);
    return rounded(result, result.isFloating() ? (Object) value : (Object) (long) value);
  }

  private static Object bitcast(DType result, DType operand, Object x) {
    if (result == DType.F32) {
      return (double) Float.intBitsToFloat(((Long) x).intValue());
    } else if (result == DType.F64) {
      return Double.longBitsToDouble((Long) x);
    }
    double value = (Double) x;
    return operand == DType.F64
        ? (Object) Double.doubleToRawLongBits(value)
        : (Object) (long) Float.floatToRawIntBits((float) value);
  }

  /** Operators that doubles would lose bits of; null for the others. */
  private static Object exact(ScalarOp op, DType dtype, Object[] x) {
    long a = (Long) x[0];
    long b = x.length > 1 ? (Long) x[1] : 0;
    boolean wide = dtype == DType.I64;
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case FMA -> a * b + (Long) x[2];
      case DIVIDE -> a / b;
      case REMAINDER -> a % b;
      case NEGATE -> -a;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> dtype == DType.BOOL ? 1 - a : ~a;
      case SHIFT_LEFT -> wide ? a << b : (long) ((int) a << b);
      case SHIFT_RIGHT -> wide ? a >> b : (long) ((int) a >> b);
      case SHIFT_RIGHT_UNSIGNED -> wide ? a >>> b : (long) ((int) a >>> b);
      case EQUAL -> truth(a == b);
      case NOT_EQUAL -> truth(a != b);
      case LESS -> truth(a < b);
      case LESS_EQUAL -> truth(a <= b);
      case GREATER -> truth(a > b);
      case GREATER_EQUAL -> truth(a >= b);
      case MINIMUM -> Math.min(a, b);
      case MAXIMUM -> Math.max(a, b);
      case POWER,
          ABSOLUTE,
          SQUARE_ROOT,
          FLOOR,
          CEILING,
          ROUND,
          EXP,
          LOG,
          SIN,
          COS,
          TANH,
          ERF,
          GELU,
          SIGMOID,
          LOG1P,
          EXPM1,
          IS_FINITE,
          BITCAST ->
          null;
    };
  }

  private static long truth(boolean value) {
    return value ? 1 : 0;
  }

  @Override
  public Object cast(Expr.Cast expr) {
    Object value = value(expr.operand());
    if (expr.dtype() == DType.BOOL) {
      return truth(((Number) value).doubleValue() != 0);
    } else if (expr.dtype().isFloating()) {
      return ((Number) value).doubleValue();
    }
    return value instanceof Double number ? saturated(expr.dtype(), number) : value;
  }

  private static Object saturated(DType dtype, double value) {
    return dtype == DType.I64 ? (long) value : (long) (int) value;
  }

  @Override
  public Object select(Expr.Select expr) {
    return value(isTrue(expr.condition()) ? expr.then() : expr.otherwise());
  }

  @Override
  public Object reduced(Expr.Reduced expr) {
    return reduced.get(expr.reduction());
  }

  /** A value in the precision of a type. */
  static Object rounded(DType dtype, Object value) {
    return switch (dtype) {
      case F32 -> (double) ((Number) value).floatValue();
      case F64 -> ((Number) value).doubleValue();
      case F16, BF16 -> ScalarFunctions.round(dtype, ((Number) value).doubleValue());
      case I8 -> (long) ((Number) value).byteValue();
      case I32 -> (long) ((Number) value).intValue();
      case I64 -> ((Number) value).longValue();
      case BOOL -> ((Number) value).longValue();
    };
  }
}

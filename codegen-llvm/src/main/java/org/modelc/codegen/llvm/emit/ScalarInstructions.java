package org.modelc.codegen.llvm.emit;

import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/**
 * Scalar operators and conversions as instructions, on scalars or vectors alike. Integer division
 * by 0 gives the dividend, and its remainder 0, where Java would throw: lanes beyond a mask divide
 * too.
 */
final class ScalarInstructions {
  private final FunctionWriter writer;
  private final HalfConversions halves;

  ScalarInstructions(FunctionWriter writer) {
    this.writer = writer;
    this.halves = new HalfConversions(writer);
  }

  /**
   * The result of an operator that has no expansion.
   *
   * @param dtype the result's type
   * @param operand the operands' type
   * @param x operands of as many lanes each
   */
  Operand apply(ScalarOp op, DType dtype, DType operand, List<Operand> x) {
    Operand a = x.get(0);
    Operand b = x.size() > 1 ? x.get(1) : null;
    return switch (op) {
      case ADD -> writer.binary(a.isFloating() ? "fadd" : "add", a, b);
      case SUBTRACT -> writer.subtract(a, b);
      case MULTIPLY -> writer.binary(a.isFloating() ? "fmul" : "mul", a, b);
      case DIVIDE -> a.isFloating() ? writer.binary("fdiv", a, b) : divide("sdiv", a, b);
      case REMAINDER -> a.isFloating() ? floatRemainder(a, b) : divide("srem", a, b);
      case MINIMUM -> extreme(a, b, "minimum", "smin", "and");
      case MAXIMUM -> extreme(a, b, "maximum", "smax", "or");
      case FMA ->
          a.isFloating() ? writer.fma(a, b, x.get(2)) : writer.add(writer.multiply(a, b), x.get(2));
      case NEGATE -> writer.negate(a);
      case ABSOLUTE ->
          a.isFloating()
              ? writer.intrinsic("llvm.fabs", a.type(), a)
              : writer.intrinsic("llvm.abs", a.type(), a, Operand.FALSE);
      case SQUARE_ROOT -> writer.intrinsic("llvm.sqrt", a.type(), a);
      case FLOOR -> rounded("floor", a);
      case CEILING -> rounded("ceil", a);
      case ROUND -> rounded("roundeven", a);
      case IS_FINITE -> isFinite(a);
      case EQUAL -> compare(operand, "oeq", "eq", a, b);
      case NOT_EQUAL -> compare(operand, "une", "ne", a, b);
      case LESS -> compare(operand, "olt", "slt", a, b);
      case LESS_EQUAL -> compare(operand, "ole", "sle", a, b);
      case GREATER -> compare(operand, "ogt", "sgt", a, b);
      case GREATER_EQUAL -> compare(operand, "oge", "sge", a, b);
      case AND -> writer.binary("and", a, b);
      case OR -> writer.binary("or", a, b);
      case XOR -> writer.binary("xor", a, b);
      case NOT -> writer.binary("xor", a, constant(a, -1));
      case SHIFT_LEFT -> shift("shl", a, b);
      case SHIFT_RIGHT -> shift("ashr", a, b);
      case SHIFT_RIGHT_UNSIGNED -> shift("lshr", a, b);
      case BITCAST -> writer.convert("bitcast", a, LlvmTypes.like(LlvmTypes.value(dtype), a));
      case POWER, EXP, LOG, SIN, COS, TANH, ERF, GELU, SIGMOID, LOG1P, EXPM1 ->
          throw new IllegalStateException(op + " of " + operand + " has no expansion");
    };
  }

  /** The bits of an integer turned round to the left, which is an instruction of many CPUs. */
  Operand rotate(Operand a, long bits) {
    return writer.intrinsic("llvm.fshl", a.type(), a, a, constant(a, bits));
  }

  private Operand constant(Operand model, long value) {
    return writer.splat(Operand.integer(model.element(), value), model.lanes());
  }

  private Operand number(Operand model, double value) {
    return writer.splat(Operand.number(model.element(), value), model.lanes());
  }

  private Operand rounded(String function, Operand a) {
    return a.isFloating() ? writer.intrinsic("llvm." + function, a.type(), a) : a;
  }

  private Operand extreme(Operand a, Operand b, String floating, String signed, String logical) {
    if (a.element().equals("i1")) {
      return writer.binary(logical, a, b);
    }
    return writer.intrinsic("llvm." + (a.isFloating() ? floating : signed), a.type(), a, b);
  }

  private Operand isFinite(Operand a) {
    if (!a.isFloating()) {
      return writer.splat(Operand.TRUE, a.lanes());
    }
    Operand size = writer.intrinsic("llvm.fabs", a.type(), a);
    return writer.compare("fcmp olt", size, number(a, Double.POSITIVE_INFINITY));
  }

  private Operand compare(DType operand, String floating, String signed, Operand a, Operand b) {
    if (a.isFloating()) {
      return writer.compare("fcmp " + floating, a, b);
    }
    String predicate = operand == DType.BOOL ? signed.replace('s', 'u') : signed;
    return writer.compare("icmp " + predicate, a, b);
  }

  /** Counts are taken modulo the width, as in Java. */
  private Operand shift(String opcode, Operand a, Operand count) {
    int bits = LlvmTypes.bytes(a.element()) * 8;
    for (int known = 0; known < bits; known++) {
      if (count.equals(constant(a, known))) {
        return writer.binary(opcode, a, count);
      }
    }
    return writer.binary(opcode, a, writer.binary("and", count, constant(a, bits - 1)));
  }

  /** The processor traps on division by 0 and on the least number by -1. */
  private Operand divide(String opcode, Operand a, Operand b) {
    Operand one = constant(a, 1);
    boolean known = b.isConstant() && !b.isVector() && !b.is(0) && !b.is(-1);
    if (known || isHarmlessSplat(b)) {
      return writer.binary(opcode, a, b);
    }
    Operand isZero = writer.compare("icmp eq", b, constant(b, 0));
    Operand isMinus = writer.compare("icmp eq", b, constant(b, -1));
    Operand divisor = writer.select(writer.binary("or", isZero, isMinus), one, b);
    Operand result = writer.binary(opcode, a, divisor);
    return opcode.equals("sdiv") ? writer.select(isMinus, writer.negate(a), result) : result;
  }

  private static boolean isHarmlessSplat(Operand b) {
    return b.isVector()
        && b.text().startsWith("splat")
        && !b.text().endsWith(" 0)")
        && !b.text().endsWith(" -1)");
  }

  private Operand floatRemainder(Operand a, Operand b) {
    String function = FloatRemainder.function(writer.module(), a.element());
    if (!a.isVector()) {
      return writer.call(a.type(), function, a, b);
    }
    Operand result = Operand.zero(a.type());
    for (int lane = 0; lane < a.lanes(); lane++) {
      Operand one =
          writer.call(a.element(), function, writer.extract(a, lane), writer.extract(b, lane));
      result = writer.insert(result, one, lane);
    }
    return result;
  }

  /** A conversion as {@link org.modelc.ir.kernel.Expr.Cast} defines it. */
  Operand cast(DType to, DType from, Operand x) {
    if (to.isHalf()) {
      return halves.widened(to, halves.narrowed(to, cast(DType.F32, from, x)));
    }
    String type = LlvmTypes.like(LlvmTypes.value(to), x);
    if (to == DType.BOOL) {
      return x.isFloating()
          ? writer.compare("fcmp une", x, number(x, 0))
          : writer.compare("icmp ne", x, constant(x, 0));
    } else if (x.isFloating()) {
      return fromFloating(x, type);
    } else if (from == DType.BOOL) {
      return writer.convert(to.isFloating() ? "uitofp" : "zext", x, type);
    } else if (to.isFloating()) {
      return writer.convert("sitofp", x, type);
    }
    boolean narrower = LlvmTypes.bytes(LlvmTypes.element(type)) < LlvmTypes.bytes(x.element());
    return writer.convert(narrower ? "trunc" : "sext", x, type);
  }

  private Operand fromFloating(Operand x, String type) {
    String element = LlvmTypes.element(type);
    if (element.equals("float") || element.equals("double")) {
      return writer.convert(element.equals("float") ? "fptrunc" : "fpext", x, type);
    }
    if (x.isVector() && writer.module().target().level() != IsaLevel.NEON) {
      return saturated(x, type);
    }
    String name = "llvm.fptosi.sat." + LlvmTypes.suffix(type) + "." + LlvmTypes.suffix(x.type());
    writer.module().declare(name, type + " @" + name + "(" + x.type() + ")");
    return writer.call(type, name, x);
  }

  /** LLVM would convert the lanes of x86's vectors one by one, with branches. */
  private Operand saturated(Operand x, String type) {
    String element = LlvmTypes.element(type);
    double beyond = Math.scalb(1.0, LlvmTypes.bytes(element) * 8 - 1);
    long most = -1L >>> (65 - LlvmTypes.bytes(element) * 8);
    // What does not fit is poison, and not chosen.
    Operand result = writer.convert("fptosi", x, type);
    Operand isLarge = writer.compare("fcmp oge", x, number(x, beyond));
    result = writer.select(isLarge, constant(result, most), result);
    Operand isSmall = writer.compare("fcmp olt", x, number(x, -beyond));
    result = writer.select(isSmall, constant(result, -most - 1), result);
    return writer.select(writer.compare("fcmp uno", x, x), constant(result, 0), result);
  }

  /** What is stored, from what was computed. */
  Operand toStorage(DType dtype, Operand x) {
    return switch (dtype) {
      case BOOL -> writer.convert("zext", x, LlvmTypes.like("i8", x));
      case F16, BF16 -> halves.narrowed(dtype, x);
      case F32, F64, I8, I32, I64 -> x;
    };
  }

  /** What is computed with, from what was stored. */
  Operand fromStorage(DType dtype, Operand x) {
    return switch (dtype) {
      case BOOL -> writer.compare("icmp ne", x, constant(x, 0));
      case F16, BF16 -> halves.widened(dtype, x);
      case F32, F64, I8, I32, I64 -> x;
    };
  }
}

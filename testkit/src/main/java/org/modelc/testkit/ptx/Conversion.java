package org.modelc.testkit.ptx;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/** cvt. Source: PTX ISA, "Data Movement and Conversion Instructions: cvt". */
final class Conversion {
  private static final List<String> WORDS =
      List.of(
          "rn",
          "rz",
          "rm",
          "rp",
          "rna",
          "rni",
          "rzi",
          "rmi",
          "rpi",
          "ftz",
          "sat",
          "f16x2",
          "bf16x2",
          "satfinite");

  private Conversion() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    at.allow(WORDS);
    if (at.has("f16x2") || at.has("bf16x2")) {
      return pair(at, operands);
    }
    PtxType to = at.types().get(0);
    PtxType from = at.types().get(1);
    LongUnaryOperator function;
    if (!from.isFloat() && !to.isFloat()) {
      function = integers(at, to, from, operands.width(operands.target(at.operand(0), at)));
    } else if (!from.isFloat()) {
      function = toFloat(at, to, from);
    } else {
      function = to.isFloat() ? floats(at, to, from) : toInteger(at, to, from);
    }
    return LaneOperations.unary(at, operands, function);
  }

  /** Two f32 as halves of a register, the first in the upper one. */
  private static Operation pair(PtxInstruction at, Operands operands) {
    if (!at.has("rn") || at.has("satfinite")) {
      throw at.unknown("is known to nearest only");
    }
    boolean brain = at.has("bf16x2");
    return LaneOperations.binary(
        at,
        operands,
        (a, b) -> narrow(Rounding.single(a), brain) << 16 | narrow(Rounding.single(b), brain));
  }

  private static long narrow(float value, boolean brain) {
    return brain ? Rounding.toBfloat(value) : Rounding.toHalf(value);
  }

  private static LongUnaryOperator integers(
      PtxInstruction at, PtxType to, PtxType from, int width) {
    // A narrow result is extended to its register's width.
    PtxType register = new PtxType(to.kind(), Math.max(width, to.bits()));
    return at.has("sat")
        ? a -> to.bits(clamped(to, from.value(a)))
        : a -> register.bits(to.value(from.value(a)));
  }

  private static long clamped(PtxType to, long value) {
    long low = to.isSigned() ? -1L << to.bits() - 1 : 0;
    long high = to.isSigned() ? ~low : -1L >>> 64 - to.bits();
    return Math.min(Math.max(value, low), to.bits() == 64 ? Long.MAX_VALUE : high);
  }

  private static LongUnaryOperator toFloat(PtxInstruction at, PtxType to, PtxType from) {
    String mode = Rounding.mode(at);
    if (to.bits() == 64) {
      if (!mode.equals("rn")) {
        throw at.unknown("is known to nearest only");
      }
      return a -> Double.doubleToRawLongBits(exact(from, a).doubleValue());
    }
    if (from.bits() < 64 && mode.equals("rn") && to.bits() == 32) {
      return a -> Rounding.bits((float) from.value(a));
    }
    return a -> {
      BigDecimal value = exact(from, a);
      return encoded(to, Rounding.directed(value.floatValue(), value, mode));
    };
  }

  private static BigDecimal exact(PtxType from, long register) {
    long value = from.value(register);
    boolean top = value < 0 && !from.isSigned();
    BigDecimal signed = BigDecimal.valueOf(value);
    return top ? signed.add(BigDecimal.valueOf(2).pow(64)) : signed;
  }

  private static LongToDoubleFunction number(PtxType from, boolean flushes) {
    if (from.kind() == PtxType.Kind.BFLOAT) {
      return Rounding::bfloat;
    }
    if (from.bits() == 16) {
      return Rounding::half;
    }
    if (from.bits() == 64) {
      return Double::longBitsToDouble;
    }
    return flushes ? a -> Rounding.flushed(Rounding.single(a)) : Rounding::single;
  }

  private static long encoded(PtxType to, float value) {
    if (to.kind() == PtxType.Kind.BFLOAT) {
      return Rounding.toBfloat(value);
    }
    return to.bits() == 16 ? Rounding.toHalf(value) : Rounding.bits(value);
  }

  private static LongUnaryOperator floats(PtxInstruction at, PtxType to, PtxType from) {
    LongToDoubleFunction number = number(from, at.has("ftz"));
    if (to.kind() == PtxType.Kind.TF32) {
      return tensor(at);
    }
    if (at.opcode().stream().anyMatch(word -> word.endsWith("i") && word.length() == 3)) {
      return a -> whole(at, number.applyAsDouble(a), to);
    }
    if (to.bits() == 64) {
      return a -> Double.doubleToRawLongBits(number.applyAsDouble(a));
    }
    boolean saturates = at.has("sat");
    boolean flushes = at.has("ftz");
    String mode = Rounding.mode(at);
    if (to.bits() == 16 && !mode.equals("rn")) {
      throw at.unknown("is known to nearest only");
    }
    return a -> {
      double value = number.applyAsDouble(a);
      if (to.bits() == 16 && to.kind() == PtxType.Kind.FLOAT) {
        return Rounding.toHalf(value);
      }
      boolean exactly = mode.equals("rn") || !Double.isFinite(value);
      float rounded =
          exactly ? (float) value : Rounding.directed((float) value, new BigDecimal(value), mode);
      float flushed = flushes ? Rounding.flushed(rounded) : rounded;
      return encoded(to, saturates ? Rounding.saturated(flushed) : flushed);
    };
  }

  /** To 10 bits of fraction, ties away from zero or (rn) to even. */
  private static LongUnaryOperator tensor(PtxInstruction at) {
    if (at.has("rna")) {
      return a -> isFinite(a) ? a + 0x1000 & 0xffffe000L : a;
    }
    if (!at.has("rn")) {
      throw at.unknown("is known with rna and rn only");
    }
    return a -> isFinite(a) ? a + 0xfff + (a >>> 13 & 1) & 0xffffe000L : a;
  }

  private static boolean isFinite(long register) {
    return Float.isFinite(Rounding.single(register));
  }

  private static double rounded(PtxInstruction at, double value) {
    if (at.has("rni")) {
      return Math.rint(value);
    }
    if (at.has("rmi")) {
      return Math.floor(value);
    }
    if (at.has("rpi")) {
      return Math.ceil(value);
    }
    if (!at.has("rzi")) {
      throw at.unknown("names no rounding to integers");
    }
    return value < 0 ? Math.ceil(value) : Math.floor(value);
  }

  private static long whole(PtxInstruction at, double value, PtxType to) {
    double result = rounded(at, value);
    return to.bits() == 64
        ? Double.doubleToRawLongBits(result)
        : encoded(to, at.has("sat") ? Rounding.saturated((float) result) : (float) result);
  }

  /** Out of range saturates, NaN is 0. */
  private static LongUnaryOperator toInteger(PtxInstruction at, PtxType to, PtxType from) {
    LongToDoubleFunction number = number(from, at.has("ftz"));
    return a -> {
      double value = rounded(at, number.applyAsDouble(a));
      if (to.bits() == 64 && !to.isSigned() && value >= 0x1p63) {
        return value >= 0x1p64 ? -1 : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
      }
      return to.bits(clamped(to, (long) value));
    };
  }
}

package org.modelc.testkit.ptx;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Arithmetic of f32 and f64. Source: PTX ISA, "Floating-Point Instructions". Approximate functions
 * are computed exactly and rounded.
 */
final class FloatArithmetic {
  private static final List<String> WORDS =
      List.of("rn", "rz", "rm", "rp", "ftz", "sat", "approx", "full", "NaN");

  private FloatArithmetic() {}

  /** A function of two f32. */
  private interface FloatBinaryOperator {
    float apply(float first, float second);
  }

  static Operation decode(PtxInstruction at, Operands operands) {
    at.allow(WORDS);
    PtxType type = at.type();
    if (type.kind() != PtxType.Kind.FLOAT || type.bits() < 32) {
      throw at.unknown("is not known for this type");
    }
    return switch (at.name()) {
      case "add", "sub", "mul", "div", "min", "max", "copysign" ->
          type.bits() == 32 ? binary(at, operands) : wideBinary(at, operands);
      case "fma", "mad" -> fused(at, operands, type);
      default -> type.bits() == 32 ? unary(at, operands) : wideUnary(at, operands);
    };
  }

  private static Operation binary(PtxInstruction at, Operands operands) {
    FloatBinaryOperator function = function(at);
    boolean flushes = at.has("ftz");
    boolean saturates = at.has("sat");
    if (!flushes && !saturates) {
      return LaneOperations.binary(
          at,
          operands,
          (a, b) -> Rounding.bits(function.apply(Rounding.single(a), Rounding.single(b))));
    }
    return LaneOperations.binary(
        at,
        operands,
        (a, b) -> {
          float first = input(a, flushes);
          return output(function.apply(first, input(b, flushes)), flushes, saturates);
        });
  }

  private static float input(long register, boolean flushes) {
    float value = Rounding.single(register);
    return flushes ? Rounding.flushed(value) : value;
  }

  private static long output(float value, boolean flushes, boolean saturates) {
    float flushed = flushes ? Rounding.flushed(value) : value;
    return Rounding.bits(saturates ? Rounding.saturated(flushed) : flushed);
  }

  private static FloatBinaryOperator function(PtxInstruction at) {
    String mode = Rounding.mode(at);
    boolean nearest = mode.equals("rn");
    boolean keepsNan = at.has("NaN");
    return switch (at.name()) {
      case "add" -> nearest ? (a, b) -> a + b : (a, b) -> Rounding.fused(a, 1, b, mode);
      case "sub" -> nearest ? (a, b) -> a - b : (a, b) -> Rounding.fused(-b, 1, a, mode);
      case "mul" -> nearest ? (a, b) -> a * b : (a, b) -> Rounding.fused(a, b, 0, mode);
      case "div" -> nearestOnly(at, (a, b) -> a / b);
      case "min" -> keepsNan ? Math::min : (a, b) -> (float) numberOf(a, b, Math.min(a, b));
      case "max" -> keepsNan ? Math::max : (a, b) -> (float) numberOf(a, b, Math.max(a, b));
      default -> (a, b) -> Math.copySign(b, Float.isNaN(a) ? sign(a) : a);
    };
  }

  private static FloatBinaryOperator nearestOnly(PtxInstruction at, FloatBinaryOperator function) {
    if (!Rounding.mode(at).equals("rn")) {
      throw at.unknown("is known to nearest only");
    }
    return function;
  }

  /** Java leaves it open whose sign copySign takes from NaN. */
  private static float sign(float nan) {
    return Float.floatToRawIntBits(nan) < 0 ? -1.0f : 1.0f;
  }

  /** Minimum and maximum of a number and NaN are the number. */
  private static double numberOf(double a, double b, double both) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : both;
  }

  private static Operation wideBinary(PtxInstruction at, Operands operands) {
    if (!Rounding.mode(at).equals("rn")) {
      throw at.unknown("is known to nearest only");
    }
    DoubleBinaryOperator function =
        switch (at.name()) {
          case "add" -> (a, b) -> a + b;
          case "sub" -> (a, b) -> a - b;
          case "mul" -> (a, b) -> a * b;
          case "div" -> (a, b) -> a / b;
          case "min" -> (a, b) -> numberOf(a, b, Math.min(a, b));
          case "max" -> (a, b) -> numberOf(a, b, Math.max(a, b));
          default -> (a, b) -> Math.copySign(b, a);
        };
    return LaneOperations.binary(
        at,
        operands,
        (a, b) ->
            Double.doubleToRawLongBits(
                function.applyAsDouble(Double.longBitsToDouble(a), Double.longBitsToDouble(b))));
  }

  private static Operation fused(PtxInstruction at, Operands operands, PtxType type) {
    String mode = Rounding.mode(at);
    boolean flushes = at.has("ftz");
    boolean saturates = at.has("sat");
    if (type.bits() == 64) {
      if (!mode.equals("rn")) {
        throw at.unknown("is known to nearest only");
      }
      return LaneOperations.ternary(at, operands, FloatArithmetic::wideFused);
    }
    if (mode.equals("rn") && !flushes && !saturates) {
      return LaneOperations.ternary(
          at,
          operands,
          (a, b, c) ->
              Rounding.bits(Math.fma(Rounding.single(a), Rounding.single(b), Rounding.single(c))));
    }
    return LaneOperations.ternary(
        at,
        operands,
        (a, b, c) -> {
          float first = input(a, flushes);
          float second = input(b, flushes);
          float result = Rounding.fused(first, second, input(c, flushes), mode);
          return output(result, flushes, saturates);
        });
  }

  private static long wideFused(long a, long b, long c) {
    return Double.doubleToRawLongBits(
        Math.fma(
            Double.longBitsToDouble(a), Double.longBitsToDouble(b), Double.longBitsToDouble(c)));
  }

  private static Operation unary(PtxInstruction at, Operands operands) {
    if (at.name().equals("abs") || at.name().equals("neg")) {
      boolean negates = at.name().equals("neg");
      boolean flushes = at.has("ftz");
      return LaneOperations.unary(
          at,
          operands,
          a -> {
            long value = Rounding.bits(input(a, flushes));
            return negates ? value ^ 0x80000000L : value & 0x7fffffffL;
          });
    }
    DoubleUnaryOperator function = function(at, at.name());
    boolean flushes = at.has("ftz");
    return LaneOperations.unary(
        at,
        operands,
        a -> output((float) function.applyAsDouble(input(a, flushes)), flushes, false));
  }

  private static Operation wideUnary(PtxInstruction at, Operands operands) {
    if (at.name().equals("abs")) {
      return LaneOperations.unary(at, operands, a -> a & Long.MAX_VALUE);
    }
    if (at.name().equals("neg")) {
      return LaneOperations.unary(at, operands, a -> a ^ Long.MIN_VALUE);
    }
    DoubleUnaryOperator function = function(at, at.name());
    return LaneOperations.unary(
        at,
        operands,
        a -> Double.doubleToRawLongBits(function.applyAsDouble(Double.longBitsToDouble(a))));
  }

  private static DoubleUnaryOperator function(PtxInstruction at, String name) {
    if (!Rounding.mode(at).equals("rn")) {
      throw at.unknown("is known to nearest only");
    }
    return switch (name) {
      case "sqrt" -> Math::sqrt;
      case "rsqrt" -> a -> 1.0 / Math.sqrt(a);
      case "rcp" -> a -> 1.0 / a;
      case "ex2" -> a -> Math.pow(2.0, a);
      case "lg2" -> a -> Math.log(a) / Math.log(2.0);
      case "sin" -> Math::sin;
      case "cos" -> Math::cos;
      case "tanh" -> Math::tanh;
      default -> throw at.unknown("is not known");
    };
  }
}

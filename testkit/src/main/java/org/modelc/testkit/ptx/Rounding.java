package org.modelc.testkit.ptx;

import java.math.BigDecimal;
import java.util.List;

/** Floating-point values in registers, and roundings that Java does not have. */
final class Rounding {
  /** To nearest even, to zero, down, up. Source: PTX ISA, "Rounding Modifiers". */
  static final List<String> MODES = List.of("rn", "rz", "rm", "rp");

  private Rounding() {}

  static float single(long register) {
    return Float.intBitsToFloat((int) register);
  }

  static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xffffffffL;
  }

  /** The mode that an opcode names; to nearest if none. */
  static String mode(PtxInstruction at) {
    return at.opcode().stream().filter(MODES::contains).findFirst().orElse("rn");
  }

  /** Subnormal numbers as zeros of their sign. */
  static float flushed(float value) {
    return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0.0f, value) : value;
  }

  /** NaN as 0, else within 0 and 1. */
  static float saturated(float value) {
    return value > 0.0f ? Math.min(value, 1.0f) : 0.0f;
  }

  /** An exact value, given to nearest as f32, moved to where a mode wants it. */
  static float directed(float nearest, BigDecimal exact, String mode) {
    int side = Float.isFinite(nearest) ? new BigDecimal(nearest).compareTo(exact) : 0;
    return directed(nearest, side, exact.signum(), mode);
  }

  /**
   * The nearest f32, moved to where a mode wants it.
   *
   * @param side positive if it is above the exact value, negative if below
   * @param sign the exact value's
   */
  private static float directed(float nearest, int side, int sign, String mode) {
    return switch (mode) {
      case "rm" -> side > 0 ? Math.nextDown(nearest) : nearest;
      case "rp" -> side < 0 ? Math.nextUp(nearest) : nearest;
      case "rz" ->
          sign < 0 && side < 0
              ? Math.nextUp(nearest)
              : sign > 0 && side > 0 ? Math.nextDown(nearest) : nearest;
      default -> nearest;
    };
  }

  /** {@code a b + c} rounded once in a mode. */
  static float fused(float a, float b, float c, String mode) {
    float nearest = Math.fma(a, b, c);
    boolean finite = Float.isFinite(a) && Float.isFinite(b) && Float.isFinite(c);
    if (mode.equals("rn") || !finite) {
      return nearest;
    }
    // The sum in double precision and what it lacks, exactly (Knuth's two-sum).
    double product = (double) a * b;
    double sum = product + c;
    double part = sum - product;
    double lacks = product - (sum - part) + (c - part);
    // What it lacks is less than half a step of doubles, of which the nearest f32 is one.
    int side = nearest == sum ? -(int) Math.signum(lacks) : Double.compare(nearest, sum);
    int sign = (int) Math.signum(sum != 0 ? sum : lacks);
    return directed(nearest, Float.isFinite(nearest) ? side : 0, sign, mode);
  }

  /** The number that 16 bits are as IEEE half. */
  static float half(long bits) {
    int exponent = (int) (bits >> 10 & 31);
    int fraction = (int) (bits & 1023);
    float magnitude =
        exponent == 31
            ? fraction != 0 ? Float.NaN : Float.POSITIVE_INFINITY
            : exponent == 0
                ? Math.scalb((float) fraction, -24)
                : Math.scalb((float) (1024 + fraction), exponent - 25);
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
  }

  /** The nearest half, ties to even. */
  static long toHalf(double value) {
    long sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
    double magnitude = Math.abs(value);
    if (Double.isNaN(value)) {
      return 0x7fff;
    }
    if (magnitude >= 65520) {
      return sign | 0x7c00;
    }
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    long steps = (long) Math.rint(Math.scalb(magnitude, 10 - exponent));
    // A carry out of the fraction goes into the exponent by itself; subnormals have exponent 0.
    return sign | steps + (exponent + 14 << 10);
  }

  /** The nearest bfloat, ties to even. */
  static long toBfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return 0x7fff;
    }
    return (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
  }

  static float bfloat(long bits) {
    return Float.intBitsToFloat((int) bits << 16);
  }
}

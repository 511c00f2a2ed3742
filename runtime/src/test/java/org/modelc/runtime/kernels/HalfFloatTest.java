package org.modelc.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.DType;

/**
 * Conversions of f16 against what IEEE 754-2019 (3.4, 3.6) says of binary16: 10 bits of fraction,
 * exponents -14 to 15.
 */
class HalfFloatTest {
  private static final int INFINITY = 0x7c00;
  private static final int SIGN = 0x8000;

  /** The number that a pattern below infinity stands for. */
  private static double number(int half) {
    int exponent = half >> 10;
    int fraction = half & 0x3ff;
    return exponent == 0
        ? Math.scalb((double) fraction, -24)
        : Math.scalb(1 + fraction / 1024.0, exponent - 15);
  }

  private static int bits(float value) {
    return HalfFloat.f16(value) & 0xffff;
  }

  private static float widened(int half) {
    return HalfFloat.fromF16((short) half);
  }

  @Test
  void everyNumberIsWidenedExactlyAndComesBack() {
    for (int half = 0; half < INFINITY; half++) {
      assertThat(widened(half)).isEqualTo((float) number(half));
      assertThat((double) widened(half)).isEqualTo(number(half));
      assertThat(Float.floatToRawIntBits(widened(half | SIGN)))
          .isEqualTo(Float.floatToRawIntBits((float) -number(half)));
      assertThat(bits(widened(half))).isEqualTo(half);
      assertThat(bits(widened(half | SIGN))).isEqualTo(half | SIGN);
    }
    assertThat(widened(INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(widened(INFINITY | SIGN)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  /** The number above the largest would be 65,536, had it no exponent of infinity. */
  @Test
  void roundsToNearestAndTiesToEven() {
    for (int half = 0; half < INFINITY; half++) {
      float between = (float) ((number(half) + number(half + 1)) / 2);
      int even = half + (half & 1);
      for (int sign : new int[] {0, SIGN}) {
        float side = sign == 0 ? 1 : -1;
        assertThat(bits(side * between)).as("tie above %x", half).isEqualTo(even | sign);
        assertThat(bits(side * Math.nextDown(between))).isEqualTo(half | sign);
        assertThat(bits(side * Math.nextUp(between))).isEqualTo(half + 1 | sign);
      }
    }
  }

  @Test
  void ends() {
    assertThat(bits(65504)).isEqualTo(0x7bff);
    assertThat(bits(Math.nextDown(65520f))).isEqualTo(0x7bff);
    assertThat(bits(65520)).isEqualTo(INFINITY);
    assertThat(bits(-Float.MAX_VALUE)).isEqualTo(INFINITY | SIGN);
    assertThat(bits(Float.NEGATIVE_INFINITY)).isEqualTo(INFINITY | SIGN);
    assertThat(bits(0x1p-25f)).isZero();
    assertThat(bits(-Float.MIN_VALUE)).isEqualTo(SIGN);
  }

  /** A quiet NaN of the same sign, with the upper bits of its payload. */
  @Test
  void notANumberStaysSo() {
    for (int half = INFINITY + 1; half < SIGN; half++) {
      int wide = (half & 0x3ff) << 13 | 0x7fc00000;
      for (int sign : new int[] {0, SIGN}) {
        assertThat(Float.floatToRawIntBits(widened(half | sign))).isEqualTo(wide | sign << 16);
        float value = Float.intBitsToFloat(wide | sign << 16 | 0x1fff);
        assertThat(bits(value)).isEqualTo(half | 0x200 | sign);
      }
    }
    assertThat(bits(Float.intBitsToFloat(0x7f800001))).isEqualTo(0x7e00);
  }

  /** Of two neighbours a number lies between, the nearer one. */
  @Test
  void randomNumbers() {
    Random random = new Random(16);
    for (int i = 0; i < 100_000; i++) {
      float value = Math.abs(Float.intBitsToFloat(random.nextInt()));
      int half = bits(value);
      if (value < 65520) {
        double off = Math.abs(number(half) - value);
        assertThat(off).isLessThanOrEqualTo(Math.abs(number(half + 1) - value));
        assertThat(off).isLessThanOrEqualTo(Math.abs(number(Math.max(0, half - 1)) - value));
      } else {
        assertThat(half).isEqualTo(Float.isNaN(value) ? half | 0x7e00 : INFINITY);
      }
    }
  }

  @Test
  void brainFloatsAreUpperHalves() {
    assertThat(HalfFloat.bits(DType.BF16, 1)).isEqualTo((short) 0x3f80);
    assertThat(HalfFloat.round(DType.BF16, 0x1.01p0f)).isEqualTo(1);
    assertThat(HalfFloat.round(DType.BF16, 0x1.03p0f)).isEqualTo(0x1.04p0f);
    assertThat(HalfFloat.round(DType.BF16, Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(HalfFloat.round(DType.BF16, Float.NaN)).isNaN();
    assertThat(HalfFloat.value(DType.F16, (short) 0x3c00)).isEqualTo(1);
  }
}

package org.modelc.runtime.kernels;

import org.modelc.runtime.spec.DType;

/**
 * Floats of 16 bits: f16 (IEEE 754-2019, binary16) and bf16, the upper half of an f32. Rounding is
 * to nearest, ties to even; a NaN becomes a quiet one that keeps its sign and the payload's upper
 * bits.
 */
public final class HalfFloat {
  private static final int INFINITY = 0x7f800000;

  /** What exponents of f32 have more than those of f16, in place: 127 - 15. */
  private static final int BIAS = 112 << 23;

  private HalfFloat() {}

  /** The bits of the nearest bf16. */
  public static short bf16(float value) {
    int wide = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (wide >> 16 | 0x0040);
    }
    int even = wide >>> 16 & 1;
    return (short) (wide + 0x7fff + even >> 16);
  }

  /** The bits of the nearest f16; 65,520 and more are infinite. */
  public static short f16(float value) {
    int wide = Float.floatToRawIntBits(value);
    int size = wide & 0x7fffffff;
    int half;
    if (size > INFINITY) {
      half = size >>> 13 & 0x3ff | 0x7e00;
    } else if (size < BIAS + (1 << 23)) {
      // The last bit of numbers from 1/2 on is worth what the least f16 is.
      half = Float.floatToRawIntBits(Float.intBitsToFloat(size) + 0.5f) - 0x3f000000;
    } else {
      half = Math.min(size - BIAS + 0xfff + (size >>> 13 & 1) >>> 13, 0x7c00);
    }
    return (short) (wide >>> 16 & 0x8000 | half);
  }

  /** An f16 as f32. */
  public static float fromF16(short half) {
    int size = half & 0x7fff;
    int wide = (size << 13) + BIAS;
    if (size < 0x400) {
      wide = Float.floatToRawIntBits(size * 0x1p-24f);
    } else if (size >= 0x7c00) {
      wide = size << 13 | INFINITY | (size > 0x7c00 ? 0x400000 : 0);
    }
    return Float.intBitsToFloat((half & 0x8000) << 16 | wide);
  }

  /** The bits of the nearest number of one of the two types. */
  public static short bits(DType dtype, float value) {
    return dtype == DType.F16 ? f16(value) : bf16(value);
  }

  /** A number of one of the two types as f32. */
  public static float value(DType dtype, short half) {
    return dtype == DType.F16 ? fromF16(half) : Float.intBitsToFloat(half << 16);
  }

  /** The nearest number that one of the two types has. */
  public static float round(DType dtype, float value) {
    return value(dtype, bits(dtype, value));
  }
}

package org.modelc.runtime.kernels;

/** The bf16 format: the upper half of an f32. */
public final class BrainFloat {
  private static final int QUIET = 0x0040;

  private BrainFloat() {}

  /** The bits of the nearest bf16, ties to even; NaN stays NaN. */
  public static short bits(float value) {
    int wide = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (wide >> 16 | QUIET);
    }
    int even = wide >>> 16 & 1;
    return (short) (wide + 0x7fff + even >> 16);
  }

  /** The nearest bf16 as f32. */
  public static float round(float value) {
    return Float.intBitsToFloat(bits(value) << 16);
  }
}

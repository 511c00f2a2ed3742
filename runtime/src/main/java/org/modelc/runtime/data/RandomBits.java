package org.modelc.runtime.data;

/**
 * The generator of splits, shuffles and augmentations: SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, 2014), written out so that a seed gives the same rows
 * on every JDK.
 */
public final class RandomBits {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  public RandomBits(long seed) {
    state = seed;
  }

  /** A generator for one of many streams of a seed, such as an epoch or a row. */
  public static RandomBits of(long seed, long stream) {
    return new RandomBits(mix(mix(seed + GOLDEN) ^ (stream * GOLDEN)));
  }

  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  /** Uniform in [0, bound), without bias: values of the last, partial range are drawn again. */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound + " is not positive");
    }
    while (true) {
      long bits = nextLong() >>> 33;
      long value = bits % bound;
      if (bits - value + (bound - 1) < 1L << 31) {
        return (int) value;
      }
    }
  }

  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Normal with mean 0 and deviation 1, by Box and Muller. */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }

  /** Puts values in random order (Fisher and Yates). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

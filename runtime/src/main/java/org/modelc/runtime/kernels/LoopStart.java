package org.modelc.runtime.kernels;

import java.util.Arrays;

/**
 * Finds the index at which vector loops over a set of rows start best.
 *
 * <p>HotSpot runs a loop's first elements one by one until it reaches an address that is a multiple
 * of the vector's size, and the last ones after the last full vector: with 16 lanes these few cost
 * as much as two hundred vectorised ones. Where rows lie in memory is not to be seen from Java, but
 * a loop that starts one element before a full vector and ends with one is faster by a third. So
 * the start is measured, now and then, since the collector moves rows. Which start is taken changes
 * no result: each element is computed alike wherever it stands.
 */
final class LoopStart {
  /** Tasks after which to measure again: at first often, while loops get compiled. */
  private static final int[] FIRST_DUE = {32, 128, 256, 512};

  private static final int LATER_DUE = 2048;
  private static final int NARROWEST = 64;
  private static final int CANDIDATES = 16;
  private static final int REPEATS = 7;
  private static final float[] NOTHING = new float[2 * MatrixRows.DEPTH];

  /** A new start must be this much faster than the one in use. */
  private static final double CLEARLY = 0.95;

  private final long[] times = new long[CANDIDATES];
  private int lead = 1;
  private int tasks;
  private int measured;

  int lead() {
    return lead;
  }

  /** Counts a task; whether it is time to measure before it. */
  boolean isDue(int width) {
    if (width < NARROWEST) {
      return false;
    }
    tasks++;
    int due = measured < FIRST_DUE.length ? FIRST_DUE[measured] : LATER_DUE;
    return tasks >= due;
  }

  /** Tries all starts with products by zero; the rows' contents are lost. */
  void measure(float[] c0, float[] c1, float[][] b, int width) {
    tasks = 0;
    measured++;
    clear(c0, c1, b);
    int end = MatrixRows.padded(width);
    Arrays.fill(times, Long.MAX_VALUE);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      for (int candidate = 1; candidate < CANDIDATES; candidate += 2) {
        long time = time(candidate, candidate + end, c0, c1, b);
        times[candidate] = Math.min(times[candidate], time);
      }
    }
    long best = (long) (times[lead] * CLEARLY);
    for (int candidate = 1; candidate < CANDIDATES; candidate += 2) {
      if (times[candidate] < best) {
        best = times[candidate];
        lead = candidate;
      }
    }
  }

  private static void clear(float[] c0, float[] c1, float[][] b) {
    Arrays.fill(c0, 0);
    Arrays.fill(c1, 0);
    for (float[] row : b) {
      Arrays.fill(row, 0);
    }
  }

  private static long time(int from, int to, float[] c0, float[] c1, float[][] b) {
    long begin = System.nanoTime();
    MatrixRows.twoRows(from, to, c0, c1, b, MatrixRows.DEPTH, NOTHING, 0);
    return System.nanoTime() - begin;
  }
}

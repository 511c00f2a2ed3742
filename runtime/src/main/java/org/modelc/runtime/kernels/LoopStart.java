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
 *
 * <p>No start is good for rows that lie unlike each other in their cache lines, which is how a
 * collector of several threads leaves them: products then take up to one and a half times as long.
 */
final class LoopStart {
  /** Tasks after which to measure again: at first often, while loops get compiled. */
  private static final int[] FIRST_DUE = {32, 128, 256, 512};

  private static final int LATER_DUE = 2048;
  private static final int NARROWEST = 64;
  private static final int CANDIDATES = 16;
  private static final int REPEATS = 5;

  /** Pairs of a tile's rows that stand for all. */
  private static final int PAIRS = 8;

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

  /** Ends a round of measuring. */
  void settled() {
    tasks = 0;
    measured++;
  }

  /**
   * Tries all starts with products by zero; the rows' contents are lost.
   *
   * @param count the rows of the tile that are used, at least 2
   * @return nanoseconds from the best start
   */
  long measure(float[][] tile, int count, float[][] block, int width) {
    int step = Math.max(2, count / PAIRS & ~1);
    clear(tile, count);
    clear(block, block.length);
    int end = MatrixRows.padded(width);
    Arrays.fill(times, Long.MAX_VALUE);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      for (int candidate = 1; candidate < CANDIDATES; candidate += 2) {
        long begin = System.nanoTime();
        for (int m = 0; m + 2 <= count; m += step) {
          MatrixRows.twoRows(
              candidate,
              candidate + end,
              tile[m],
              tile[m + 1],
              block,
              MatrixRows.DEPTH,
              NOTHING,
              0);
        }
        times[candidate] = Math.min(times[candidate], System.nanoTime() - begin);
      }
    }
    long best = (long) (times[lead] * CLEARLY);
    for (int candidate = 1; candidate < CANDIDATES; candidate += 2) {
      if (times[candidate] < best) {
        best = times[candidate];
        lead = candidate;
      }
    }
    return times[lead];
  }

  private static void clear(float[][] rows, int count) {
    for (int i = 0; i < count; i++) {
      Arrays.fill(rows[i], 0);
    }
  }
}

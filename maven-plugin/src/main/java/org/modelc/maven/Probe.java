package org.modelc.maven;

import java.util.Arrays;

/**
 * A fixed piece of arithmetic, timed beside a model, so that latencies of different machines can be
 * compared: a model's latency is told in probes.
 */
final class Probe {
  private static final int SIZE = 4096;
  private static final int CALLS = 4001;
  private static final int WARM_UP = 4000;

  private Probe() {}

  /** Microseconds of one probe, the median of many. */
  static double micros() {
    float[] x = new float[SIZE];
    float[] y = new float[SIZE];
    Arrays.fill(x, 0.5f);
    long[] nanos = new long[CALLS];
    float kept = 0;
    for (int call = -WARM_UP; call < CALLS; call++) {
      long start = System.nanoTime();
      step(x, y);
      if (call >= 0) {
        nanos[call] = System.nanoTime() - start;
      }
      kept += y[call & (SIZE - 1)];
    }
    if (Float.isNaN(kept)) {
      throw new IllegalStateException("the sums are used, so that they are computed");
    }
    Arrays.sort(nanos);
    return nanos[CALLS / 2] / 1e3;
  }

  private static void step(float[] x, float[] y) {
    for (int i = 0; i < SIZE; i++) {
      y[i] = 0.25f * y[i] + x[i];
    }
  }
}

package org.modelc.compiler;

/** The fused multiply-adds that plain Java reaches on this machine, in cache, on one thread. */
final class MachinePeak {
  private static final int SIZE = 1024;
  private static final int ROUNDS = 2_000;
  private static final int REPEATS = 60;

  private MachinePeak() {}

  /** Floating-point operations a nanosecond; a multiply-add counts as two. */
  static double flopsPerNano() {
    float[][] rows = new float[6][SIZE];
    float[] sum = new float[SIZE];
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      for (int round = 0; round < ROUNDS; round++) {
        step(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], sum, round * 1e-9f);
      }
      best = Math.min(best, (double) (System.nanoTime() - start) / ROUNDS);
    }
    if (Float.isNaN(sum[SIZE / 2])) {
      throw new IllegalStateException("the sums are used, so that they are computed");
    }
    return 2.0 * 6 * SIZE / best;
  }

  /** Six rows into one: the form of loop that HotSpot's compiler makes fastest. */
  private static void step(
      float[] a, float[] b, float[] c, float[] d, float[] e, float[] f, float[] sum, float x) {
    for (int j = 0; j < SIZE; j++) {
      float first = Math.fma(x, a[j], Math.fma(x, b[j], Math.fma(x, c[j], sum[j])));
      sum[j] = Math.fma(x, d[j], Math.fma(x, e[j], Math.fma(x, f[j], first)));
    }
  }
}

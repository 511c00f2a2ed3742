package org.modelc.benchmarks.contest;

import org.modelc.benchmarks.FmaPeak;
import org.modelc.benchmarks.ProbePair;

/** What the machine's multiply-add units give at this moment, on as many threads as a row has. */
final class SpeedProbe implements AutoCloseable {
  private static final int TURNS = 1_000_000;
  private static final int WARM_UPS = 20;

  private final ProbePair probes = new ProbePair(TURNS);
  private final int threads;

  SpeedProbe(int threads) {
    this.threads = threads;
    for (int i = 0; i < WARM_UPS; i++) {
      rate();
    }
  }

  /** Floating operations a nanosecond, of all threads together. */
  double rate() {
    long start = System.nanoTime();
    if (threads == 1) {
      probes.one();
    } else {
      probes.both();
    }
    return Math.min(threads, 2) * FmaPeak.operations(TURNS) / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    probes.close();
  }
}

package org.modelc.runtime.workers;

import java.util.concurrent.locks.LockSupport;

/**
 * How a worker waits for another: it spins for as long as waking a thread would take, then gives
 * its core to others, then sleeps. Static, so that waiting allocates nothing.
 */
final class Pause {
  private static final long SPIN_NANOS = 20_000;
  private static final long YIELD_NANOS = 300_000;
  private static final long SLEEP_NANOS = 50_000;
  private static final int SPINS_PER_LOOK = 32;

  private Pause() {}

  /**
   * Lets a little time pass.
   *
   * @param turn how often the caller has waited for this event, from 0
   * @param begin {@link System#nanoTime} when it began
   */
  static void once(int turn, long begin) {
    if (turn % SPINS_PER_LOOK != SPINS_PER_LOOK - 1) {
      Thread.onSpinWait();
      return;
    }
    long waited = System.nanoTime() - begin;
    if (waited > YIELD_NANOS) {
      LockSupport.parkNanos(SLEEP_NANOS);
    } else if (waited > SPIN_NANOS) {
      Thread.yield();
    }
  }
}

package org.modelc.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Times two pieces of work in turns, so that what the machine does besides hits both: the ratio is
 * the median over pairs, not the quotient of two medians. One thread is timed by its processor
 * time, which does not count when others had the core.
 */
final class PairedMeasure {
  private static final double NANOS = 1e9;
  private static final int FEWEST_PAIRS = 30;

  /** By then HotSpot has compiled all loops and rows of products have found their places. */
  private static final double SHORTEST_WARM_UP_SECONDS = 4;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final boolean processorTime;
  private final double seconds;

  /**
   * @param processorTime whether to time the calling thread alone
   * @param seconds how long pairs are measured, after as long or longer for warming up; of
   *     processor time
   */
  PairedMeasure(boolean processorTime, double seconds) {
    this.processorTime = processorTime;
    this.seconds = seconds;
  }

  /**
   * Rates of both and their ratio.
   *
   * @param ours the median rate of the first, in units a nanosecond
   * @param theirs the median rate of the second
   * @param ratio the median of their quotients
   * @param ratioLow the lower bound of the median's 95 % interval, by order statistics
   */
  record Result(double ours, double theirs, double ratio, double ratioLow) {}

  /**
   * Measures.
   *
   * @param ourUnits what {@code ours} does, in units
   * @param theirUnits what {@code theirs} does, in the same units
   */
  Result measure(Runnable ours, double ourUnits, Runnable theirs, double theirUnits) {
    long warm = used() + (long) (Math.max(seconds, SHORTEST_WARM_UP_SECONDS) * NANOS);
    while (used() < warm) {
      ours.run();
      theirs.run();
    }
    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long end = used() + (long) (seconds * NANOS);
    while (used() < end || ratios.size() < FEWEST_PAIRS) {
      double our = ourUnits / time(ours);
      double their = theirUnits / time(theirs);
      first.add(our);
      second.add(their);
      ratios.add(our / their);
    }
    MedianBound ratio = MedianBound.of(ratios);
    return new Result(
        MedianBound.of(first).median(),
        MedianBound.of(second).median(),
        ratio.median(),
        ratio.low());
  }

  private double time(Runnable work) {
    long begin = now();
    work.run();
    return Math.max(1, now() - begin);
  }

  /**
   * The calling thread's processor time, so that a busy machine does not shorten the warming up.
   */
  private static long used() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private long now() {
    return processorTime ? used() : System.nanoTime();
  }
}

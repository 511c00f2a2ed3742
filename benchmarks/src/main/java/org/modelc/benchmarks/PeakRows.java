package org.modelc.benchmarks;

import java.lang.management.ManagementFactory;
import org.modelc.ir.graph.Graph;

/**
 * Rows that need no other engine: products and training steps beside the machine's peak in the same
 * process, a tiny net beside its limit. They run as bytecode.
 */
final class PeakRows {
  private static final int PROBE_TURNS = 100_000;
  private static final int[] CLASSIFIER = {784, 512, 256, 10};
  private static final int[] TINY = {10, 64, 64, 1};
  private static final int BATCH = 128;
  private static final int TINY_CALLS = 200;
  private static final double TINY_LIMIT_MICROS = 2;

  private final double seconds;

  /**
   * @param seconds how long pairs are measured
   */
  PeakRows(double seconds) {
    this.seconds = seconds;
  }

  Row product(String name, int rows, int columns, int inner) {
    Graph graph = BenchmarkGraphs.product(rows, columns, inner);
    return ofPeak(name, new CompiledCase(graph, 1, 1), 2.0 * rows * columns * inner, 0.35);
  }

  Row step() {
    double operations = BenchmarkGraphs.operations(true, BATCH, CLASSIFIER);
    return ofPeak(
        "mlp-step", new CompiledCase(BenchmarkGraphs.step(CLASSIFIER), BATCH, 1), operations, 0.25);
  }

  private Row ofPeak(String name, CompiledCase work, double operations, double required) {
    FmaPeak peak = new FmaPeak();
    PairedMeasure.Result result =
        new PairedMeasure(true, seconds)
            .measure(
                work::run,
                operations,
                () -> peak.run(PROBE_TURNS),
                FmaPeak.operations(PROBE_TURNS));
    MedianBound ratio = new MedianBound(result.ratio(), result.ratioLow());
    return Row.of(name, 1, "GFLOP/s", result.ours(), "FMA peak", result.theirs(), ratio, required);
  }

  /** How a step speeds up with two threads, beside how the probe itself does. */
  Row scaling() {
    Graph graph = BenchmarkGraphs.step(CLASSIFIER);
    CompiledCase one = new CompiledCase(graph, BATCH, 1);
    CompiledCase two = new CompiledCase(graph, BATCH, 2);
    PairedMeasure measure = new PairedMeasure(false, seconds);
    PairedMeasure.Result ours = measure.measure(two::run, 1, one::run, 1);
    try (ProbePair probes = new ProbePair(PROBE_TURNS)) {
      PairedMeasure.Result theirs = measure.measure(probes::both, 2, probes::one, 1);
      MedianBound ratio =
          new MedianBound(ours.ratio() / theirs.ratio(), ours.ratioLow() / theirs.ratio());
      return Row.of(
          "mlp-step-scaling", 2, "times", ours.ratio(), "FMA probe", theirs.ratio(), ratio, 0.8);
    }
  }

  Row tiny() {
    CompiledCase tiny = new CompiledCase(BenchmarkGraphs.forward(TINY), 1, 2);
    FmaPeak peak = new FmaPeak();
    PairedMeasure.Result result =
        new PairedMeasure(true, seconds)
            .measure(() -> repeat(tiny), TINY_CALLS, () -> peak.run(PROBE_TURNS), 1);
    double micros = 1 / result.ours() / 1000;
    double ratio = TINY_LIMIT_MICROS / micros;
    MedianBound bound = new MedianBound(ratio, ratio * result.ratioLow() / result.ratio());
    return Row.of("tiny-mlp", 1, "us", micros, "limit", TINY_LIMIT_MICROS, bound, 1);
  }

  private static void repeat(CompiledCase work) {
    for (int i = 0; i < TINY_CALLS; i++) {
      work.run();
    }
  }

  /** Bytes a call, of all threads together. */
  Row tinyAllocation() {
    CompiledCase tiny = new CompiledCase(BenchmarkGraphs.forward(TINY), 1, 2);
    for (int i = 0; i < 100; i++) {
      repeat(tiny);
    }
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long before = allocated(threads);
      repeat(tiny);
      least = Math.min(least, allocated(threads) - before);
    }
    double bytes = Math.max(0, least - overhead(threads)) / (double) TINY_CALLS;
    double ratio = bytes == 0 ? 1 : 0;
    return Row.of(
        "tiny-mlp-allocation", 1, "bytes", bytes, "limit", 0, new MedianBound(ratio, ratio), 1);
  }

  /** What asking itself allocates. */
  private static long overhead(com.sun.management.ThreadMXBean threads) {
    long most = 0;
    for (int i = 0; i < 20; i++) {
      long before = allocated(threads);
      most = Math.max(most, allocated(threads) - before);
    }
    return most;
  }

  private static long allocated(com.sun.management.ThreadMXBean threads) {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}

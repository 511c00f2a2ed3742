package org.modelc.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.modelc.ir.graph.Graph;

/**
 * The benchmark's rows: {@code benchmarks/run [--json] [--rows a,b] [--seconds S]}. Products and
 * training steps stand beside the machine's peak in the same process; {@code required} is what the
 * project promises.
 */
public final class Rows {
  private static final int PROBE_TURNS = 100_000;
  private static final int[] CLASSIFIER = {784, 512, 256, 10};
  private static final int[] TINY = {10, 64, 64, 1};
  private static final int BATCH = 128;
  private static final int TINY_CALLS = 200;
  private static final double TINY_LIMIT_MICROS = 2;

  private final double seconds;

  private Rows(double seconds) {
    this.seconds = seconds;
  }

  /** Prints the rows. */
  public static void main(String[] arguments) {
    List<String> given = Arrays.asList(arguments);
    double seconds =
        given.contains("--seconds") ? Double.parseDouble(after(given, "--seconds")) : 3;
    Map<String, Supplier<Row>> rows = new Rows(seconds).all();
    List<String> wanted =
        given.contains("--rows")
            ? List.of(after(given, "--rows").split(","))
            : List.copyOf(rows.keySet());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String name : wanted) {
      Supplier<Row> row = rows.get(name);
      if (row == null) {
        System.err.println("no row '" + name + "'; there are " + rows.keySet());
        System.exit(2);
      }
      Row result = row.get();
      out.println(given.contains("--json") ? result.json() : result.text());
    }
  }

  private static String after(List<String> arguments, String option) {
    int index = arguments.indexOf(option) + 1;
    if (index == arguments.size()) {
      System.err.println(option + " needs a value");
      System.exit(2);
    }
    return arguments.get(index);
  }

  private Map<String, Supplier<Row>> all() {
    Map<String, Supplier<Row>> rows = new LinkedHashMap<>();
    rows.put("gemm-512", () -> product("gemm-512", 512, 512, 512));
    rows.put("gemm-128x384x384", () -> product("gemm-128x384x384", 128, 384, 384));
    rows.put("mlp-step", this::step);
    rows.put("mlp-step-scaling", this::scaling);
    rows.put("tiny-mlp", this::tiny);
    rows.put("tiny-mlp-allocation", this::tinyAllocation);
    return rows;
  }

  private Row product(String name, int rows, int columns, int inner) {
    Graph graph = BenchmarkGraphs.product(rows, columns, inner);
    return ofPeak(name, new CompiledCase(graph, 1, 1), 2.0 * rows * columns * inner, 0.35);
  }

  private Row step() {
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
    return new Row(
        name,
        1,
        "GFLOP/s",
        result.ours(),
        "FMA peak",
        result.theirs(),
        result.ratio(),
        result.ratioLow(),
        required);
  }

  /** How a step speeds up with two threads, beside how the probe itself does. */
  private Row scaling() {
    Graph graph = BenchmarkGraphs.step(CLASSIFIER);
    CompiledCase one = new CompiledCase(graph, BATCH, 1);
    CompiledCase two = new CompiledCase(graph, BATCH, 2);
    PairedMeasure measure = new PairedMeasure(false, seconds);
    PairedMeasure.Result ours = measure.measure(two::run, 1, one::run, 1);
    try (ProbePair probes = new ProbePair(PROBE_TURNS)) {
      PairedMeasure.Result theirs = measure.measure(probes::both, 2, probes::one, 1);
      return new Row(
          "mlp-step-scaling",
          2,
          "times",
          ours.ratio(),
          "FMA probe",
          theirs.ratio(),
          ours.ratio() / theirs.ratio(),
          ours.ratioLow() / theirs.ratio(),
          0.8);
    }
  }

  private Row tiny() {
    CompiledCase tiny = new CompiledCase(BenchmarkGraphs.forward(TINY), 1, 2);
    FmaPeak peak = new FmaPeak();
    PairedMeasure.Result result =
        new PairedMeasure(true, seconds)
            .measure(() -> repeat(tiny), TINY_CALLS, () -> peak.run(PROBE_TURNS), 1);
    double micros = 1 / result.ours() / 1000;
    double ratio = TINY_LIMIT_MICROS / micros;
    return new Row(
        "tiny-mlp",
        1,
        "us",
        micros,
        "limit",
        TINY_LIMIT_MICROS,
        ratio,
        ratio * result.ratioLow() / result.ratio(),
        1);
  }

  private static void repeat(CompiledCase work) {
    for (int i = 0; i < TINY_CALLS; i++) {
      work.run();
    }
  }

  /** Bytes a call, of all threads together. */
  private Row tinyAllocation() {
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
    return new Row("tiny-mlp-allocation", 1, "bytes", bytes, "limit", 0, ratio, ratio, 1);
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

package org.modelc.benchmarks.contest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.recipe.CompressSpec.Kind;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Type;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * The work of a row: a program of a model at fixed sizes.
 *
 * @param row the row's name
 * @param model the model file's name without its ending
 * @param settings defaults of the model's parameters to be replaced
 * @param program the program that a call runs
 * @param dims the dynamic dims
 * @param unit of the figures: {@code us} or {@code ms} of a call, or a rate: {@code samples/s},
 *     {@code GFLOP/s}
 * @param perCall what a call does, in the rate's units; 1 for times
 * @param required the least ratio that the project promises; of compressed programs, to our own of
 *     f32
 * @param compression how our program is compressed; null if it is not
 */
public record Workload(
    String row,
    String model,
    Map<String, Integer> settings,
    String program,
    Map<String, Integer> dims,
    String unit,
    double perCall,
    double required,
    QuantizeSpec compression) {
  /** The least ratio to other engines' compressed programs. */
  private static final double REQUIRED_OF_COMPRESSED = 1.3;

  private static final Map<String, Workload> ALL = new LinkedHashMap<>();

  static {
    forward("tiny-mlp-b1", "tiny-mlp", 1, 10);
    forward("mlp-b1", "mlp", 1, 1.5);
    forward("mlp-b32", "mlp", 32, 1.25);
    forward("mlp-b256", "mlp", 256, 1.25);
    encoder("encoder-1x32", 1, 32, 1.5);
    encoder("encoder-1x128", 1, 128, 1.3);
    encoder("encoder-32x128", 32, 128, 1.3);
    compressed("mlp-b1-int8", "mlp-b1", Type.INT8, Kind.WEIGHTS, 2.5);
    compressed("mlp-b1-int4", "mlp-b1", Type.INT4, Kind.WEIGHTS, 3.5);
    compressed("mlp-b1-w4a16", "mlp-b1", Type.INT4, Kind.DYNAMIC_16, 3.5);
    compressed("encoder-1x128-int8", "encoder-1x128", Type.INT8, Kind.DYNAMIC, 1.7);
    compressed("encoder-32x128-int8", "encoder-32x128", Type.INT8, Kind.DYNAMIC, 1.7);
    training("train-mlp", "mlp", 128, 1.25);
    training("train-cnn", "train-cnn", 64, 2);
    training("train-gpt", "gpt", 16, 1.5);
    product("gemm-512", 512, 512, 512);
    product("gemm-1024", 1024, 1024, 1024);
    product("gemm-128x384x1536", 128, 1536, 384);
  }

  public Workload {
    settings = Map.copyOf(settings);
    dims = Map.copyOf(dims);
  }

  private static void put(Workload workload) {
    ALL.put(workload.row(), workload);
  }

  private static void forward(String row, String model, int batch, double required) {
    put(new Workload(row, model, Map.of(), "predict", Map.of("B", batch), "us", 1, required, null));
  }

  private static void encoder(String row, int batch, int steps, double required) {
    Map<String, Integer> dims = Map.of("B", batch, "T", steps);
    put(new Workload(row, "encoder", Map.of(), "encode", dims, "ms", 1, required, null));
  }

  private static void training(String row, String model, int batch, double required) {
    Map<String, Integer> dims = Map.of("B", batch);
    put(new Workload(row, model, Map.of(), "train", dims, "samples/s", batch, required, null));
  }

  private static void product(String row, int rows, int columns, int inner) {
    Map<String, Integer> settings = Map.of("rows", rows, "columns", columns, "inner", inner);
    double operations = 2.0 * rows * columns * inner / 1e9;
    put(
        new Workload(
            row, "gemm", settings, "multiply", Map.of(), "GFLOP/s", operations, 0.97, null));
  }

  private static void compressed(String row, String other, Type type, Kind kind, double required) {
    Workload whole = ALL.get(other);
    put(
        new Workload(
            row,
            whole.model,
            whole.settings,
            whole.program,
            whole.dims,
            whole.unit,
            whole.perCall,
            required,
            new QuantizeSpec(type, kind, 0, 0, List.of(), null, 0, SourceSpan.NONE)));
  }

  /** Whether our program reads quantised weights; it stands against our own of f32, too. */
  public boolean isCompressed() {
    return compression != null;
  }

  /** The least ratio to an engine that the project promises. */
  double required(String engine) {
    boolean other = isCompressed() && !engine.equals(UncompressedEngine.NAME);
    return other ? REQUIRED_OF_COMPRESSED : required;
  }

  /** The same work with the parameters as they were. */
  public Workload uncompressed() {
    return new Workload(row, model, settings, program, dims, unit, perCall, required, null);
  }

  /** All of them, in the order of the table. */
  public static List<Workload> all() {
    return List.copyOf(ALL.values());
  }

  /** The workload of a row. */
  public static Workload of(String row) {
    Workload workload = ALL.get(row);
    if (workload == null) {
      throw new IllegalArgumentException("no row " + row + "; there are " + ALL.keySet());
    }
    return workload;
  }

  /** Whether a call is a step of training. */
  public boolean training() {
    return program.equals("train");
  }

  /** Whether more is better. */
  boolean isRate() {
    return unit.endsWith("/s");
  }

  /** What a call of so many nanoseconds is in the row's unit. */
  double figure(double nanos) {
    return switch (unit) {
      case "us" -> nanos / 1e3;
      case "ms" -> nanos / 1e6;
      case "samples/s", "GFLOP/s" -> perCall / nanos * 1e9;
      default -> throw new IllegalStateException("no unit " + unit);
    };
  }
}

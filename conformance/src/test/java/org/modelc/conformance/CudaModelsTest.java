package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.compiler.ModelSource;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Whole models as CUDA C++ ({@link CudaDevices}) beside the native backend: inference, and three
 * training steps, each from what the one before left. {@code -Dcuda.large=true} adds larger models,
 * which take minutes.
 */
class CudaModelsTest {
  private static final int STEPS = 3;
  private static final TargetDescription AMPERE = new TargetDescription(80);
  private static final IsaLevel LEVEL = IsaLevel.X86_64_V2;

  /** Of the largest element: sums of other orders, through all layers and three steps. */
  private static final double TOLERANCE = 2e-4;

  /**
   * Low, as a bias before a batch norm moves by it in a direction that rounding chose, which the
   * running mean then follows.
   */
  private static final double RATE = 1e-4;

  @TempDir static Path folder;

  static Map<String, Graph> graphs(String path) {
    return BenchmarkGraphs.of(ModelSource.read(BenchmarkGraphs.root().resolve(path)));
  }

  @Test
  void digits() throws IOException {
    Map<String, Graph> graphs = graphs("models/digits/digits.model");
    infers(graphs.get("predict"), Map.of("B", 13), 10);
    trains(graphs.get("train"), Map.of("B", 13), 10);
  }

  @Test
  @EnabledIfSystemProperty(named = "cuda.large", matches = "true")
  void fashion() throws IOException {
    Map<String, Graph> graphs = graphs("models/fashion/fashion.model");
    infers(graphs.get("predict"), Map.of("B", 3), 10);
    trains(graphs.get("train"), Map.of("B", 3), 10);
  }

  /** The CNN that training is timed with, of fewer filters. */
  @Test
  void cnn() throws IOException {
    Map<String, Graph> graphs = BenchmarkGraphs.CNN.graphs(folder, Map.of("conv(32", "conv(8"));
    infers(graphs.get("predict"), Map.of("B", 3), 10);
    trains(graphs.get("train"), Map.of("B", 3), 10);
  }

  @Test
  void gptOfFewNumbers() throws IOException {
    Map<String, String> smaller =
        Map.of("d: int = 256", "d: int = 64", "depth: int = 4", "depth: int = 2", "= 128", "= 37");
    gpt(BenchmarkGraphs.GPT.graphs(folder, smaller));
  }

  @Test
  @EnabledIfSystemProperty(named = "cuda.large", matches = "true")
  void gpt() throws IOException {
    gpt(BenchmarkGraphs.GPT.graphs(folder, Map.of()));
  }

  private static void gpt(Map<String, Graph> graphs) throws IOException {
    infers(graphs.get("predict"), Map.of("B", 2, "T", 13), 256);
    trains(graphs.get("train"), Map.of("B", 1), 256);
  }

  @Test
  void encoderOfFewNumbers() throws IOException {
    Map<String, String> smaller =
        Map.of(
            "= 30522",
            "= 1000",
            "= 384",
            "= 48",
            "depth: int = 6",
            "depth: int = 2",
            "= 1536",
            "= 96",
            "= 512",
            "= 19");
    encoder(BenchmarkGraphs.ENCODER.graphs(folder, smaller), 48);
  }

  /** Of fewer positions, as its training is of sentences of all of them, and fewer words. */
  @Test
  @EnabledIfSystemProperty(named = "cuda.large", matches = "true")
  void encoder() throws IOException {
    encoder(
        BenchmarkGraphs.ENCODER.graphs(folder, Map.of("= 30522", "= 1000", "= 512", "= 19")), 384);
  }

  private static void encoder(Map<String, Graph> graphs, int features) throws IOException {
    infers(graphs.get("encode"), Map.of("B", 2, "T", 13), features);
    trains(graphs.get("train"), Map.of("B", 1), features);
  }

  private static void infers(Graph graph, Map<String, Integer> dims, int classes)
      throws IOException {
    compare(graph, Pipeline.INFERENCE, inputs(graph, dims, classes), 1);
  }

  private static void trains(Graph graph, Map<String, Integer> dims, int classes)
      throws IOException {
    compare(graph, Pipeline.TRAINING, inputs(graph, dims, classes), STEPS);
  }

  private static void compare(Graph graph, Pipeline pipeline, List<Array> inputs, int steps)
      throws IOException {
    NativeProgram reference = NativeProgram.compile(graph, pipeline, LEVEL);
    EmittedCuda emitted = EmittedCuda.all(List.of(graph), pipeline, AMPERE).get(0);
    LongFunction<CudaRun.Device> devices =
        CudaDevices.in(folder).of(EmittedCuda.text(List.of(emitted)));
    launches(emitted);
    List<Array> ours = inputs;
    List<Array> theirs = inputs;
    for (int step = 1; step <= steps; step++) {
      List<Array> expected = reference.run(theirs, 1);
      List<Array> actual = new CudaRun(emitted, ours).on(devices.apply(step));
      for (int i = 0; i < expected.size(); i++) {
        String name = graph.outputs().get(i).name();
        if (!isNoise(name, graph, expected)) {
          assertThat(difference(expected.get(i), actual.get(i)))
              .as("step %d, %s", step, name)
              .isLessThanOrEqualTo(TOLERANCE);
        }
      }
      ours = next(graph, ours, actual);
      theirs = next(graph, theirs, expected);
    }
  }

  /** Few kernels need more launches than one. */
  private static void launches(EmittedCuda emitted) {
    for (EmittedCudaProgram part : emitted.parts()) {
      long kernels = part.launches().stream().filter(launch -> !launch.bytes().is(0)).count();
      System.out.printf(
          "%s: %d launches of %d kernels%n", part.abi().name(), part.launches().size(), kernels);
      assertThat((double) part.launches().size()).isLessThanOrEqualTo(1.2 * kernels);
    }
  }

  /**
   * Whether an output is of a parameter that has no influence, as a bias before a batch norm: its
   * gradient is what rounding left, which an optimiser like Adam makes as large as any other.
   */
  private static boolean isNoise(String output, Graph graph, List<Array> expected) {
    String norm = "gradient_norm/";
    for (int i = 0; i < expected.size(); i++) {
      String name = graph.outputs().get(i).name();
      boolean isTiny = name.startsWith(norm) && expected.get(i).data()[0] < 1e-4;
      if (isTiny && output.contains(name.substring(norm.length()))) {
        return true;
      }
    }
    return false;
  }

  /** The greatest difference of elements beside the greatest element. */
  private static double difference(Array expected, Array actual) {
    double most = 0;
    double largest = 1e-3;
    for (int i = 0; i < expected.size(); i++) {
      double difference = Math.abs(expected.data()[i] - actual.data()[i]);
      most = Math.max(most, difference);
      largest = Math.max(largest, Math.abs(expected.data()[i]));
    }
    return most / largest;
  }

  /** The inputs with what a step updated. */
  private static List<Array> next(Graph graph, List<Array> inputs, List<Array> results) {
    List<Array> next = new ArrayList<>(inputs);
    for (int i = 0; i < results.size(); i++) {
      String updates = graph.outputs().get(i).updates();
      for (int input = 0; updates != null && input < next.size(); input++) {
        if (graph.inputs().get(input).name().equals(updates)) {
          next.set(input, results.get(i));
        }
      }
    }
    return next;
  }

  static List<Array> inputs(Graph graph, Map<String, Integer> dims, int classes) {
    Random random = new Random(7);
    List<Array> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      TensorType type = input.value().tensor();
      int[] shape = type.shape().stream().mapToInt(dim -> (int) dim.evaluate(dims)).toArray();
      Array array = Array.zeros(type.dtype(), shape);
      Arrays.setAll(array.data(), i -> element(input, random, classes));
      inputs.add(array);
    }
    return inputs;
  }

  private static double element(Graph.Input input, Random random, int classes) {
    DType dtype = input.value().tensor().dtype();
    if (input.name().equals("rate")) {
      return (float) RATE;
    } else if (input.role() == Role.CONTROL || input.name().equals("example_weight")) {
      return 1;
    } else if (input.role() == Role.OPTIMIZER) {
      return 0;
    } else if (input.role() == Role.STATE) {
      return (float) (0.5 + random.nextDouble());
    } else if (dtype == DType.BOOL) {
      return random.nextInt(4) == 0 ? 0 : 1;
    } else if (input.name().equals("kinds")) {
      return random.nextInt(2);
    } else if (!dtype.isFloating()) {
      return random.nextInt(classes);
    }
    double scale = input.role() == Role.PARAMETER ? 0.1 : 1;
    return (float) (scale * random.nextGaussian());
  }
}

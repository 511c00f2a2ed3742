package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.program.ProgramStages;
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

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("models/digits"))) {
      here = here.getParent();
    }
    return here;
  }

  /** The graphs of a model's programs by name. */
  private static Map<String, Graph> graphs(ModelSource source) {
    Map<String, Graph> graphs = new HashMap<>();
    for (ProgramStages stages :
        Compiler.compile(source, CompileOptions.defaults().withBackend(Backend.JVM)).stages()) {
      graphs.put(stages.name(), stages.graph());
    }
    return graphs;
  }

  private static ModelSource model(String path) {
    return ModelSource.read(root().resolve(path));
  }

  @Test
  void digits() throws IOException {
    Map<String, Graph> graphs = graphs(model("models/digits/digits.model"));
    infers(graphs.get("predict"), Map.of("B", 13), 10);
    trains(graphs.get("train"), Map.of("B", 13), 10);
  }

  @Test
  @EnabledIfSystemProperty(named = "cuda.large", matches = "true")
  void fashion() throws IOException {
    Map<String, Graph> graphs = graphs(model("models/fashion/fashion.model"));
    infers(graphs.get("predict"), Map.of("B", 3), 10);
    trains(graphs.get("train"), Map.of("B", 3), 10);
  }

  @Test
  @EnabledIfSystemProperty(named = "cuda.large", matches = "true")
  void gpt() throws IOException {
    Map<String, Graph> graphs = gpt(folder);
    infers(graphs.get("predict"), Map.of("B", 2, "T", 13), 256);
    trains(graphs.get("train"), Map.of("B", 1), 256);
  }

  @Test
  @EnabledIfSystemProperty(named = "cuda.large", matches = "true")
  void encoder() throws IOException {
    infers(
        graphs(model("benchmarks/models/encoder.model")).get("encode"),
        Map.of("B", 2, "T", 13),
        1000);
  }

  /** The graphs of {@code gpt.model}, which wants its rows in a folder. */
  static Map<String, Graph> gpt(Path folder) throws IOException {
    String text = Files.readString(root().resolve("benchmarks/models/gpt.model"));
    Files.writeString(folder.resolve("rows.jsonl"), row("ids") + row("next") + "\n");
    return graphs(ModelSource.of("gpt.model", text, folder));
  }

  /** Half of a line of JSON: 128 bytes under a name. */
  private static String row(String name) {
    String numbers = Arrays.toString(new Random(1).ints(128, 0, 256).toArray());
    return (name.equals("ids") ? "{" : ", ")
        + "\""
        + name
        + "\": "
        + numbers
        + (name.equals("ids") ? "" : "}");
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

  private static List<Array> inputs(Graph graph, Map<String, Integer> dims, int classes) {
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

package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.kernels.BrainFloat;
import org.modelc.runtime.spec.DType;

/**
 * Products whose tiles are ragged at every side, against the interpreter in float64. A sum of K
 * rounded products is off by K units of the last place of Σ|a||b| at most (Higham, "Accuracy and
 * Stability of Numerical Algorithms", 3.1), which the same graph over the factors' sizes gives.
 */
class CudaProductsTest {
  static final List<String> GRAPHS =
      List.of(
          matmul("f32[65, 207]", "f32[207, 100]"),
          matmul("f32[M, 13]", "f32[13, N]"),
          matmul("f32[130, 40]", "f32[40, 10]"),
          matmul("f32[3, 33, 17]", "f32[3, 17, 65]"),
          matmul("f64[66, 20]", "f64[20, 67]"),
          matmul("f32[1030, 19]", "f32[19, 1029]"),
          matmul("bf16[70, 45]", "bf16[45, 100]"),
          matmul("bf16[3, M, 64]", "bf16[3, 64, 33]"),
          convolution("f32[2, 5, 9, 11]", "f32[20, 5, 3, 3]"),
          convolution("f32[B, 3, 12, 12]", "f32[9, 3, 3, 3]"));

  @TempDir static Path folder;

  private static String matmul(String left, String right) {
    return "graph product(%a: "
        + left
        + " input, %b: "
        + right
        + " input) {\n  %y = matmul(%a, %b)\n  return y = %y\n}\n";
  }

  private static String convolution(String left, String right) {
    return "graph product(%a: "
        + left
        + " input, %b: "
        + right
        + " input) {\n  %y = convolution(%a, %b) {strides = [1, 1], padding_low = [1, 1],"
        + " padding_high = [1, 1], input_dilation = [1, 1], kernel_dilation = [1, 1], groups = 1}\n"
        + "  return y = %y\n}\n";
  }

  @TestFactory
  Stream<DynamicTest> raggedTiles() throws IOException {
    List<Graph> graphs = GRAPHS.stream().map(GraphParser::parse).toList();
    List<EmittedCuda> emitted =
        EmittedCuda.all(graphs, Pipeline.TRAINING, new TargetDescription(80));
    CudaRun.Device device = CudaDevices.in(folder).of(EmittedCuda.text(emitted)).apply(3);
    List<DynamicTest> tests = new ArrayList<>();
    for (EmittedCuda each : emitted) {
      String name = each.graph().inputs().toString();
      tests.add(DynamicTest.dynamicTest(name, () -> check(each, device)));
    }
    return tests.stream();
  }

  private static void check(EmittedCuda emitted, CudaRun.Device device) throws IOException {
    List<Array> inputs = inputs(emitted.graph(), 11);
    assertThat(emitted.source()).contains("tiles of");
    Array expected = GraphInterpreter.run(emitted.graph(), inputs, Precision.EXACT).get(0);
    Array sizes = GraphInterpreter.run(emitted.graph(), sizes(inputs), Precision.EXACT).get(0);
    Array actual = new CudaRun(emitted, inputs).on(device).get(0);
    boolean isHalf = expected.dtype() == DType.BF16;
    assertThat(emitted.source().contains("tensor cores")).isEqualTo(isHalf);
    double unit = expected.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
    // The result is rounded to bf16, once.
    double stored = isHalf ? 0x1p-8 : 0;
    int depth = inputs.get(1).size() / inputs.get(1).shape()[inputs.get(1).rank() == 4 ? 0 : 1];
    for (int i = 0; i < expected.size(); i++) {
      double bound = 1.01 * (depth + 1) * unit * sizes.data()[i];
      assertThat(Math.abs(actual.data()[i] - expected.data()[i]))
          .as("element %d", i)
          .isLessThanOrEqualTo(bound + stored * Math.abs(expected.data()[i]));
    }
  }

  private static List<Array> inputs(Graph graph, long seed) {
    Random random = new Random(seed);
    List<Array> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      var type = input.value().tensor();
      int[] shape =
          type.shape().stream().mapToInt(dim -> dim.isStatic() ? dim.intValue() : 67).toArray();
      Array array = Array.zeros(type.dtype(), shape);
      boolean wide = type.dtype() == DType.F64;
      Arrays.setAll(
          array.data(),
          i -> {
            double value = random.nextGaussian();
            boolean isHalf = type.dtype() == DType.BF16;
            return wide ? value : isHalf ? BrainFloat.round((float) value) : (float) value;
          });
      inputs.add(array);
    }
    return inputs;
  }

  private static List<Array> sizes(List<Array> inputs) {
    List<Array> sizes = new ArrayList<>();
    for (Array input : inputs) {
      Array array = Array.zeros(input.dtype(), input.shape());
      Arrays.setAll(array.data(), i -> Math.abs(input.data()[i]));
      sizes.add(array);
    }
    return sizes;
  }
}

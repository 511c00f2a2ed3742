package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Runs a graph by its definition and as kernels after every step of a pipeline, and compares. */
final class Agreement {
  private Agreement() {}

  /**
   * Inputs drawn from a seed: numbers about zero, small positive ones for names that ask for it.
   */
  static Map<String, Array> inputs(Graph graph, Map<String, Integer> dims, long seed) {
    Random random = new Random(seed);
    Map<String, Dim> values = new LinkedHashMap<>();
    dims.forEach((name, value) -> values.put(name, Dim.constant(value)));
    Map<String, Array> inputs = new LinkedHashMap<>();
    for (Graph.Input input : graph.inputs()) {
      TensorType type = input.value().tensor();
      int[] shape = type.shape().stream().mapToInt(d -> d.substitute(values).intValue()).toArray();
      Array array = Array.zeros(type.dtype(), shape);
      for (int i = 0; i < array.size(); i++) {
        array.data()[i] = value(type.dtype(), input.name(), random);
      }
      inputs.put(input.name(), array);
    }
    return inputs;
  }

  private static double value(DType dtype, String name, Random random) {
    if (dtype == DType.BOOL) {
      return random.nextInt(2);
    } else if (!dtype.isFloating()) {
      return random.nextInt(3);
    }
    boolean positive =
        name.contains("weight'")
            || name.contains("rate")
            || name.contains("var")
            || name.endsWith("/v")
            || name.equals("example_weight");
    double value = random.nextGaussian();
    return (float) (positive ? Math.abs(value) * 0.1 + 0.05 : value * 0.5);
  }

  /** Compares the graph's meaning with that of the compiled program on random inputs. */
  static KernelProgram check(Graph graph, Pipeline pipeline, Map<String, Integer> dims, long seed) {
    Map<String, Array> inputs = inputs(graph, dims, seed);
    Map<String, Array> expected = GraphInterpreter.run(graph, inputs, Precision.EXACT);
    KernelProgramSummary summary = KernelProgramSummary.of(graph, pipeline);
    Map<String, Array> actual = KernelInterpreter.run(summary.program(), inputs, dims);
    assertClose(actual, expected);
    return summary.program();
  }

  static void assertClose(Map<String, Array> actual, Map<String, Array> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, array) -> {
          double scale = 1e-3;
          for (double value : array.data()) {
            scale = Double.isFinite(value) ? Math.max(scale, Math.abs(value)) : scale;
          }
          for (int i = 0; i < array.size(); i++) {
            double difference = Math.abs(actual.get(name).data()[i] - array.data()[i]);
            boolean same = Double.compare(actual.get(name).data()[i], array.data()[i]) == 0;
            assertThat(same || difference <= 2e-5 * scale)
                .as("%s[%d] is %s, not %s", name, i, actual.get(name).data()[i], array.data()[i])
                .isTrue();
          }
        });
  }
}

package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.passes.compress.CompressProgram;
import org.modelc.passes.compress.SparseWeight;
import org.modelc.runtime.spec.DType;

/**
 * A network over a weight without its zeros gives what it gives over the weight with them, in every
 * backend; in native code a row alone has the same bits as among others.
 */
class SparseWeightTest {
  private static final long SEED = 8;

  private static Graph network(int depth, int columns) {
    return GraphParser.parse(
        """
        graph predict(%x: f32[B, DEPTH] input, %w: f32[DEPTH, COLUMNS] parameter, %b: f32[COLUMNS] parameter) {
          %0 = matmul(%x, %w)
          %1 = broadcast(%b) {shape = [B, COLUMNS]}
          %2 = add(%0, %1)
          %3 = relu(%2)
          return y = %3
        }
        """
            .replace("DEPTH", "" + depth)
            .replace("COLUMNS", "" + columns));
  }

  /** Depths beyond 127 have gaps that do not fit a byte; at 1.0 there is no element at all. */
  @ParameterizedTest
  @CsvSource({
    "1, 40, 35, 0.8",
    "5, 300, 17, 0.99",
    "6, 64, 16, 0.5",
    "33, 129, 50, 0.9",
    "3, 20, 33, 1.0"
  })
  void sameAsWithItsZeros(int batch, int depth, int columns, double zeros) {
    Random random = new Random(SEED);
    Array x = Array.zeros(DType.F32, batch, depth);
    Arrays.setAll(x.data(), i -> (float) random.nextGaussian());
    Array weight = Array.zeros(DType.F32, depth, columns);
    Arrays.setAll(
        weight.data(), i -> random.nextDouble() < zeros ? 0 : (float) random.nextGaussian());
    Array bias = Array.zeros(DType.F32, columns);
    Arrays.setAll(bias.data(), i -> (float) random.nextGaussian());
    Graph dense = network(depth, columns);
    Array expected = GraphInterpreter.run(dense, List.of(x, weight, bias), Precision.TYPED).get(0);
    SparseWeight sparse = SparseWeight.of(weight);
    Graph graph = CompressProgram.of(dense, Map.of("w", sparse.storage()));
    List<Array> inputs = List.of(x, sparse.values(), sparse.gaps(), sparse.starts(), bias);
    agree(expected, GraphInterpreter.run(graph, inputs, Precision.TYPED).get(0), "interpreter");
    agree(
        expected,
        BytecodeProgram.compileAll(List.of(graph), Pipeline.INFERENCE).get(0).run(inputs, 1).get(0),
        "bytecode");
    for (IsaLevel level : NativeLibrary.runnable()) {
      NativeProgram program =
          NativeProgram.compileUnaligned(List.of(graph), Pipeline.INFERENCE, level).get(0);
      Array found = program.run(inputs, 1, new GuardedMemory()).get(0);
      agree(expected, found, level.text());
      assertThat(program.run(inputs, 2).get(0)).as("two workers").isEqualTo(found);
      Array first = new Array(DType.F32, new int[] {1, depth}, Arrays.copyOf(x.data(), depth));
      Array alone =
          program
              .run(List.of(first, sparse.values(), sparse.gaps(), sparse.starts(), bias), 1)
              .get(0);
      assertThat(alone.data()).as("a row alone").isEqualTo(Arrays.copyOf(found.data(), columns));
      assertThat(program.source()).contains("sparse product");
    }
  }

  /** Sums of some hundred products of about 1 at most, in any order. */
  private static void agree(Array expected, Array found, String who) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.data()[i])
          .as("seed %s, %s, element %s", SEED, who, i)
          .isCloseTo(expected.data()[i], within(1e-5));
    }
  }
}

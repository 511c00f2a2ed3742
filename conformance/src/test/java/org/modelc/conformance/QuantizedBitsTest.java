package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.passes.compress.AffineRange;
import org.modelc.passes.compress.CompressProgram;
import org.modelc.passes.compress.FactorProducts;
import org.modelc.passes.compress.Storage;
import org.modelc.passes.compress.Storage.Inputs;
import org.modelc.runtime.spec.DType;

/**
 * A compressed network gives the same bits everywhere: integers in each layer, and what is computed
 * of them. The interpreter runs the graph as compression writes it, the backends what the passes
 * make of it.
 */
class QuantizedBitsTest {
  private static final String NETWORK =
      """
      graph predict(%x: f32[B, 3, 7, 5] input, %conv: f32[4, 3, 3, 3] parameter, %a: f32[140, 9] parameter, %b: f32[9, 5] parameter) {
        %0 = convolution(%x, %conv) {strides = [1], padding_low = [1], padding_high = [1], input_dilation = [1], kernel_dilation = [1], groups = 1}
        %1 = relu(%0)
        %2 = reshape(%1) {shape = [B, 140]}
        %3 = matmul(%2, %a)
        %4 = relu(%3)
        %5 = matmul(%4, %b)
        return first = %3
        return y = %5
      }
      """;
  private static final int BATCH = 13;
  private static final long SEED = 20;

  private final Random random = new Random(SEED);

  private Array halves(int... shape) {
    Array array = Array.zeros(DType.BF16, shape);
    Arrays.setAll(array.data(), i -> (1 + random.nextInt(127)) / 8192.0);
    return array;
  }

  private Array bytes(int... shape) {
    Array array = Array.zeros(DType.I8, shape);
    Arrays.setAll(array.data(), i -> random.nextInt(256) - 128);
    return array;
  }

  private Array floats(int... shape) {
    Array array = Array.zeros(DType.F32, shape);
    Arrays.setAll(array.data(), i -> (float) (random.nextGaussian() * 2));
    return array;
  }

  @Test
  void fixedRanges() {
    Inputs near = new Inputs.Fixed(new AffineRange(0.031f, -3));
    Inputs far = new Inputs.Fixed(new AffineRange(0.7f, -128));
    sameEverywhere(near, far);
  }

  @Test
  void rangesOfRows() {
    sameEverywhere(new Inputs.Dynamic(8), new Inputs.Dynamic(8));
  }

  /** Weights of four bits, with inputs of eight bits and of two digits of eight. */
  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void halvesOfBytes(int inputBits) {
    Inputs inputs = new Inputs.Dynamic(inputBits);
    Map<String, Storage> storages =
        Map.of(
            "conv", new Storage.Integers(8, 0, 0, new Inputs.Dynamic(8)),
            "a", new Storage.Integers(4, 1, 0, inputs),
            "b", new Storage.Integers(4, 1, 0, inputs));
    Graph graph = CompressProgram.of(GraphParser.parse(NETWORK), storages);
    assertThat(kernels(graph)).contains("i32(").doesNotContain("f32(i32(a");
    sameEverywhere(
        graph,
        List.of(
            floats(BATCH, 3, 7, 5),
            bytes(4, 3, 3, 3),
            halves(4, 1, 1, 1),
            bytes(70, 9),
            halves(1, 9),
            bytes(5, 5),
            halves(1, 5)));
  }

  /** Rows of whole cache lines, which kernels in turn keep in the worker's memory. */
  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void rowsOfWholeLines(int inputBits) {
    String network =
        """
        graph predict(%x: f32[B, 1, 8, 8] input, %first: f32[12, 1, 3, 3] parameter, %b1: f32[12] parameter, %conv: f32[24, 12, 3, 3] parameter, %b2: f32[24] parameter, %w: f32[384, 10] parameter, %b3: f32[10] parameter) {
          %0 = convolution(%x, %first) {strides = [1], padding_low = [1], padding_high = [1], input_dilation = [1], kernel_dilation = [1], groups = 1}
          %1 = reshape(%b1) {shape = [12, 1, 1]}
          %2 = broadcast(%1) {shape = [B, 12, 8, 8]}
          %3 = add(%0, %2)
          %4 = relu(%3)
          %5 = convolution(%4, %conv) {strides = [1], padding_low = [1], padding_high = [1], input_dilation = [1], kernel_dilation = [1], groups = 1}
          %6 = reshape(%b2) {shape = [24, 1, 1]}
          %7 = broadcast(%6) {shape = [B, 24, 8, 8]}
          %8 = add(%5, %7)
          %9 = relu(%8)
          %10 = max_pool(%9) {window = [2]}
          %11 = reshape(%10) {shape = [B, 384]}
          %12 = matmul(%11, %w)
          %13 = broadcast(%b3) {shape = [B, 10]}
          %y = add(%12, %13)
          return y = %y
        }
        """;
    Storage halves = new Storage.Integers(4, 1, 0, new Inputs.Dynamic(inputBits));
    Storage filters = new Storage.Integers(4, 0, 0, new Inputs.Floats());
    Graph graph =
        CompressProgram.of(
            GraphParser.parse(network), Map.of("w", halves, "first", filters, "conv", filters));

    List<Array> inputs =
        List.of(
            whole(400, 1, 8, 8),
            bytes(12, 1, 3, 3),
            ones(12, 1, 1, 1),
            whole(12),
            bytes(24, 6, 3, 3),
            ones(24, 1, 1, 1),
            whole(24),
            bytes(192, 10),
            halves(1, 10),
            whole(10));
    sameEverywhere(graph, inputs);
  }

  private Array ones(int... shape) {
    Array array = Array.zeros(DType.BF16, shape);
    Arrays.fill(array.data(), 1);
    return array;
  }

  /** Floats whose sums of products every order of adding gives alike. */
  private Array whole(int... shape) {
    Array array = Array.zeros(DType.F32, shape);
    Arrays.setAll(array.data(), i -> random.nextInt(9) - 4);
    return array;
  }

  @Test
  void factorsOfLowRank() {
    Inputs near = new Inputs.Fixed(new AffineRange(0.031f, -3));
    Map<String, Storage> storages =
        Map.of(
            "conv", new Storage.Integers(8, 0, 0, near),
            "a.left", new Storage.Integers(8, 1, 0, near),
            "a.right", new Storage.Integers(8, 1, 0, new Inputs.Dynamic(8)),
            "b", new Storage.Integers(8, 1, 0, new Inputs.Dynamic(8)));
    Graph factored = FactorProducts.of(GraphParser.parse(NETWORK), Map.of("a", 3));
    sameEverywhere(
        CompressProgram.of(factored, storages),
        List.of(
            floats(BATCH, 3, 7, 5),
            bytes(4, 3, 3, 3),
            halves(4, 1, 1, 1),
            bytes(140, 3),
            halves(1, 3),
            bytes(3, 9),
            halves(1, 9),
            bytes(9, 5),
            halves(1, 5)));
  }

  /**
   * A sum that no i32 holds: 255 × 128 in each of 2¹⁷ steps is 255 × 2²⁴. Its parts are whole
   * multiples of 128 below 2³¹, which floats hold exactly, and so is what they come to: times the
   * scales 2⁻¹² and 2⁻⁷ of the input and the weight it is 255 × 2⁵.
   */
  @Test
  void longSumsAreCut() {
    String product =
        """
        graph predict(%%x: f32[B, %1$d] input, %%w: f32[%1$d, 2] parameter) {
          %%y = matmul(%%x, %%w)
          return y = %%y
        }
        """
            .formatted(1 << 17);
    Inputs range = new Inputs.Fixed(new AffineRange(0x1p-12f, -128));
    Graph graph =
        CompressProgram.of(
            GraphParser.parse(product), Map.of("w", new Storage.Integers(8, 1, 0, range)));
    assertThat(kernels(graph)).contains("i32(").doesNotContain("f32(i32(w");
    Array x = Array.zeros(DType.F32, 3, 1 << 17);
    Arrays.fill(x.data(), 255 * 0x1p-12);
    Array weights = Array.zeros(DType.I8, 1 << 17, 2);
    Arrays.setAll(weights.data(), i -> i % 2 == 0 ? -128 : 127);
    Array scales = Array.zeros(DType.BF16, 1, 2);
    Arrays.fill(scales.data(), 0x1p-7);
    List<Array> inputs = List.of(x, weights, scales);
    sameEverywhere(graph, inputs);
    Array found =
        BytecodeProgram.compileAll(List.of(graph), Pipeline.INFERENCE).get(0).run(inputs, 1).get(0);
    assertThat(found.data()[0]).isEqualTo(-255 * 0x1p5);
    assertThat(found.data()[1]).isCloseTo(255 * 127 * 0x1p-2, within(0.01));
  }

  private void sameEverywhere(Inputs first, Inputs later) {
    Map<String, Storage> storages =
        Map.of(
            "conv", new Storage.Integers(8, 0, 0, first),
            "a", new Storage.Integers(8, 1, 0, later),
            "b", new Storage.Integers(8, 1, 0, later));
    Graph graph = CompressProgram.of(GraphParser.parse(NETWORK), storages);
    assertThat(kernels(graph)).contains("i32(").doesNotContain("f32(i32(conv");
    List<Array> inputs =
        List.of(
            floats(BATCH, 3, 7, 5),
            bytes(4, 3, 3, 3),
            halves(4, 1, 1, 1),
            bytes(140, 9),
            halves(1, 9),
            bytes(9, 5),
            halves(1, 5));
    sameEverywhere(graph, inputs);
  }

  private void sameEverywhere(Graph graph, List<Array> inputs) {
    List<Array> expected =
        BytecodeProgram.compileAll(List.of(graph), Pipeline.INFERENCE).get(0).run(inputs, 1);
    for (IsaLevel level : NativeLibrary.runnable()) {
      NativeProgram program =
          NativeProgram.compileUnaligned(List.of(graph), Pipeline.INFERENCE, level).get(0);
      List<Array> found = program.run(inputs, 2);
      assertThat(found).as("seed %s, %s", SEED, level).isEqualTo(expected);
      // Whoever reads or writes beyond a buffer's end ends the process.
      List<Array> guarded = program.run(inputs, 1, new GuardedMemory());
      assertThat(guarded).as("seed %s, %s", SEED, level).isEqualTo(expected);
    }
    Graph rewritten = new org.modelc.passes.IntegerProducts().run(graph, Target.PLAIN);
    assertThat(GraphInterpreter.run(rewritten, inputs, Precision.TYPED))
        .as("seed %s, interpreter", SEED)
        .isEqualTo(expected);
  }

  private static String kernels(Graph graph) {
    return Pipeline.INFERENCE.compile(graph, Target.PLAIN, PassManager.Listener.NONE).toString();
  }
}

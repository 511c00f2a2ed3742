package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelWork;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;

/** Convolutions of inputs with zeros between their elements. */
class WindowPartsTest {
  private static Graph graph(
      String input, int window, int dilation, int strides, String low, String high, int distance) {
    return GraphParser.parse(
        """
        graph g(%x: f64[2, 3, INPUT] input, %w: f64[4, 3, WINDOW] input) {
          %y = convolution(%x, %w) {strides = [STRIDES], padding_low = [LOW], padding_high = [HIGH],\
         input_dilation = [DILATION], kernel_dilation = [DISTANCE], groups = 1}
          return y = %y
        }
        """
            .replace("INPUT", input)
            .replace("WINDOW", "" + window)
            .replace("STRIDES", "" + strides)
            .replace("LOW", low)
            .replace("HIGH", high)
            .replace("DILATION", "" + dilation)
            .replace("DISTANCE", "" + distance));
  }

  private static long products(KernelProgram program, Map<String, Integer> dims) {
    long work = 0;
    for (Kernel kernel : program.kernels()) {
      boolean isProduct = kernel instanceof LoopNest nest && !nest.reductions().isEmpty();
      work += isProduct ? KernelWork.of(kernel).evaluate(dims) : 0;
    }
    return work;
  }

  private static Array numbers(int... shape) {
    Array array = Array.zeros(DType.F64, shape);
    for (int i = 0; i < array.size(); i++) {
      array.data()[i] = (i * 37 + 11) % 23 - 11;
    }
    return array;
  }

  /**
   * Products for a picture, channel and filter, counted by hand: those of elements and of zeros
   * around them.
   */
  @ParameterizedTest
  @CsvSource({
    // Six outputs between elements meet two of the kernel's, six others one.
    "6,3,2,1,1,2,1,18",
    // The kernel is shorter than the zeros: half of the outputs have no element.
    "6,1,2,1,0,1,1,6",
    // Two of four outputs in a row meet one.
    "5,2,4,1,1,3,1,10",
    // All places of a window of spread elements are at elements, or all between.
    "6,3,2,1,2,2,2,18",
    // Strides as large as the dilation: two places of four; two thirds of it: one, two and one.
    "6,4,3,3,0,0,1,10",
    "6,4,3,2,5,1,1,13",
    "6,2,2,1,-1,-3,1,6",
  })
  void multipliesWithNoZerosBetweenElements(
      int input,
      int window,
      int dilation,
      int strides,
      int low,
      int high,
      int distance,
      long each) {
    Graph graph = graph("" + input, window, dilation, strides, "" + low, "" + high, distance);
    KernelProgram program = Lower.lower(graph);
    Array x = numbers(2, 3, input);
    Array w = numbers(4, 3, window);
    Array expected = GraphInterpreter.run(graph, List.of(x, w), Precision.TYPED).get(0);
    assertThat(KernelInterpreter.run(program, Map.of("x", x, "w", w), Map.of()).get("y"))
        .isEqualTo(expected);
    assertThat(products(program, Map.of())).isEqualTo(each * 2 * 3 * 4);
  }

  /** Sizes that are known only at a call: as above where they are multiples of the strides. */
  @ParameterizedTest
  @CsvSource({"1,2,18", "1,1,16"})
  void sizesOfCalls(int low, int high, long each) {
    Graph graph = graph("n", 3, 2, 1, "" + low, "" + high, 1);
    KernelProgram program = Lower.lower(graph);
    Array x = numbers(2, 3, 6);
    Array w = numbers(4, 3, 3);
    Array expected = GraphInterpreter.run(graph, List.of(x, w), Precision.TYPED).get(0);
    Map<String, Integer> dims = Map.of("n", 6);
    assertThat(KernelInterpreter.run(program, Map.of("x", x, "w", w), dims).get("y"))
        .isEqualTo(expected);
    assertThat(products(program, dims)).isEqualTo(each * 2 * 3 * 4);
  }

  @Test
  void infiniteWeightsMeetNoZerosBetween() {
    Graph graph = graph("2", 3, 2, 1, "1", "1", 1);
    Array x = Array.zeros(DType.F64, 2, 3, 2);
    Arrays.fill(x.data(), 1);
    Array w = numbers(4, 3, 3);
    w.data()[1] = Double.POSITIVE_INFINITY;
    Array expected = GraphInterpreter.run(graph, List.of(x, w), Precision.TYPED).get(0);
    assertThat(expected.data()[0]).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(expected.data()[1]).isFinite();
    assertThat(KernelInterpreter.run(Lower.lower(graph), Map.of("x", x, "w", w), Map.of()).get("y"))
        .isEqualTo(expected);
  }

  /** As many products as the convolution whose gradient it is: windows that overlap, or do not. */
  @ParameterizedTest
  @CsvSource({"3,2,1,1,2", "2,2,0,1,1", "4,4,0,3,3"})
  void gradientOfStrides(int window, int stride, int padding, int low, int high) {
    int outputs = (12 + 2 * padding - window) / stride + 1;
    Graph forward =
        GraphParser.parse(
            """
            graph g(%x: f32[2, 8, 12, 12] input, %w: f32[4, 8, WINDOW, WINDOW] input) {
              %y = convolution(%x, %w) {strides = [STRIDE], padding_low = [PADDING],             padding_high = [PADDING], input_dilation = [1], kernel_dilation = [1], groups = 1}
              return y = %y
            }
            """
                .replace("WINDOW", "" + window)
                .replace("STRIDE", "" + stride)
                .replace("PADDING", "" + padding));
    Graph backward =
        GraphParser.parse(
            """
            graph g(%d: f32[2, 4, OUT, OUT] input, %w: f32[8, 4, WINDOW, WINDOW] input) {
              %dx = convolution(%d, %w) {strides = [1], padding_low = [LOW], padding_high = [HIGH],             input_dilation = [STRIDE], kernel_dilation = [1], groups = 1}
              return dx = %dx
            }
            """
                .replace("WINDOW", "" + window)
                .replace("STRIDE", "" + stride)
                .replace("OUT", "" + outputs)
                .replace("LOW", "" + low)
                .replace("HIGH", "" + high));
    assertThat(products(Lower.lower(backward), Map.of()))
        .isEqualTo(products(Lower.lower(forward), Map.of()));
  }
}

package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.kernels.HalfFloat;
import org.modelc.runtime.spec.DType;

/**
 * Floats of 16 bits are widened and rounded alike by every backend and at every level: all
 * patterns, and what lies at and beside the middle of any two neighbours.
 */
class HalfBitsTest {
  private static final int PATTERNS = 1 << 16;

  @TempDir Path folder;

  /** Numbers, middles and their neighbours; then quiet NaN of all payloads that are kept. */
  private static double[] rounded(DType dtype) {
    int infinity = HalfFloat.bits(dtype, Float.POSITIVE_INFINITY);
    double[] numbers = new double[8 * infinity + PATTERNS];
    for (int i = 0; i < infinity; i++) {
      double number = HalfFloat.value(dtype, (short) i);
      double below = i == 0 ? -HalfFloat.value(dtype, (short) 1) : value(dtype, i - 1);
      double above = i + 1 < infinity ? value(dtype, i + 1) : 2 * number - below;
      float middle = (float) ((number + above) / 2);
      double[] each = {number, middle, Math.nextDown(middle), Math.nextUp(middle)};
      for (int j = 0; j < each.length; j++) {
        numbers[8 * i + 2 * j] = each[j];
        numbers[8 * i + 2 * j + 1] = -each[j];
      }
    }
    for (int i = 0; i < PATTERNS; i++) {
      numbers[8 * infinity + i] = Float.intBitsToFloat(i << 16 | 0x7fc01fff);
    }
    return numbers;
  }

  private static double value(DType dtype, int pattern) {
    return HalfFloat.value(dtype, (short) pattern);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void sameBitsEverywhere(DType dtype) throws IOException {
    double[] x = rounded(dtype);
    double[] h = IntStream.range(0, PATTERNS).mapToDouble(i -> value(dtype, i)).toArray();
    String text =
        """
        graph halves(%%x: f32[%2$d] input, %%h: %1$s[%3$d] input) {
          %%stored = cast(%%x) {dtype = %1$s}
          %%back = cast(%%stored) {dtype = f32}
          %%wide = cast(%%h) {dtype = f32}
          %%again = cast(%%wide) {dtype = %1$s}
          return stored = %%stored
          return back = %%back
          return wide = %%wide
          return again = %%again
        }
        """
            .formatted(dtype, x.length, PATTERNS);
    List<Array> inputs =
        List.of(Array.f32(new int[] {x.length}, x), new Array(dtype, new int[] {PATTERNS}, h));
    double[] narrow = Arrays.stream(x).map(a -> HalfFloat.round(dtype, (float) a)).toArray();
    everywhere(GraphParser.parse(text), inputs, List.of(narrow, narrow, h, h), true);
  }

  /** What is stored for one reader alone is not stored: it is rounded all the same. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void fusionKeepsRounding(DType dtype) throws IOException {
    double[] x = rounded(dtype);
    String text =
        """
        graph fused(%%x: f32[%2$d] input) {
          %%0 = cast(%%x) {dtype = %1$s}
          %%1 = abs(%%0)
          %%2 = cast(%%1) {dtype = f32}
          %%third = constant() {dtype = %1$s, shape = [], data = 0.3333333}
          %%3 = cast(%%third) {dtype = f32}
          return size = %%2
          return third = %%3
        }
        """
            .formatted(dtype, x.length);
    double[] sizes =
        Arrays.stream(x).map(a -> Math.abs(HalfFloat.round(dtype, (float) a))).toArray();
    double[] third = {HalfFloat.round(dtype, 0.3333333f)};
    // Of NaN abs may keep the sign.
    List<Array> inputs = List.of(Array.f32(new int[] {x.length}, x));
    everywhere(GraphParser.parse(text), inputs, List.of(sizes, third), false);
  }

  /**
   * @param payloads whether code for processors keeps NaN's sign and payload
   */
  private void everywhere(
      Graph graph, List<Array> inputs, List<double[]> expected, boolean payloads)
      throws IOException {
    for (IsaLevel level : NativeLibrary.runnable()) {
      NativeProgram program = NativeProgram.compile(graph, Pipeline.TRAINING, level);
      same(level + " " + program.source(), program.run(inputs, 1), expected, payloads);
    }
    BytecodeProgram bytecode = BytecodeProgram.compileAll(List.of(graph), Pipeline.TRAINING).get(0);
    same("bytecode", bytecode.run(inputs, 1), expected, payloads);
    List<Array> interpreted = GraphInterpreter.run(graph, inputs, Precision.TYPED);
    same("interpreter", interpreted, expected, false);
    EmittedCuda cuda =
        EmittedCuda.all(List.of(graph), Pipeline.TRAINING, new TargetDescription(80)).get(0);
    CudaRun.Device device = CudaDevices.in(folder).of(EmittedCuda.text(List.of(cuda))).apply(1);
    same("CUDA", new CudaRun(cuda, inputs).on(device), expected, false);
  }

  /**
   * @param payloads whether NaN keeps its sign and payload; else it is any
   */
  private static void same(
      String where, List<Array> found, List<double[]> expected, boolean payloads) {
    for (int i = 0; i < expected.size(); i++) {
      double[] values = found.get(i).data();
      assertThat(values).hasSameSizeAs(expected.get(i));
      for (int j = 0; j < values.length; j++) {
        if (bits(values[j], payloads) != bits(expected.get(i)[j], payloads)) {
          assertThat(values[j]).as("%s: result %d, %d", where, i, j).isEqualTo(expected.get(i)[j]);
          throw new AssertionError(where + ": another NaN in result " + i + " at " + j);
        }
      }
    }
  }

  private static long bits(double value, boolean payloads) {
    return payloads ? Double.doubleToRawLongBits(value) : Double.doubleToLongBits(value);
  }
}

package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.Tolerances;

/** Native loops over rows: nests that run in turn, and sums of columns. */
class RowNestsTest {
  private static final String NORM =
      """
      graph norm(%%x: f32[B, %1$d, %2$d] input, %%w: f32[%2$d] input) {
        %%s = mean(%%x) {axes = [2], keep = true}
        %%m = broadcast(%%s) {shape = [B, %1$d, %2$d]}
        %%c = subtract(%%x, %%m)
        %%q = multiply(%%c, %%c)
        %%v = mean(%%q) {axes = [2], keep = true}
        %%r = rsqrt(%%v)
        %%f = broadcast(%%r) {shape = [B, %1$d, %2$d]}
        %%n = multiply(%%c, %%f)
        %%ww = broadcast(%%w) {shape = [B, %1$d, %2$d]}
        %%y = multiply(%%n, %%ww)
        %%t = sum(%%r) {axes = [1]}
        return y = %%y
        return t = %%t
      }
      """;

  /**
   * Rows of the first axis alone where these fit into the first cache, else of two axes; then the
   * small sums over the second axis are no part of the group: they would make its rows those of one
   * axis.
   */
  @ParameterizedTest
  @CsvSource({
    "3,4,128,rows[B] of 3 kernels in turn",
    "3,128,256,rows[128*B] of 3 kernels in turn",
    "1,128,256,rows[128*B] of 3 kernels in turn",
    "2,67,203,rows[67*B] of 3 kernels in turn",
  })
  void runInTurnOnRowsThatFitTheCache(int batch, int rows, int columns, String group) {
    Graph graph = GraphParser.parse(NORM.formatted(rows, columns));
    Random random = new Random(7);
    List<Array> inputs = List.of(random(random, batch, rows, columns), random(random, columns));
    List<Array> expected = GraphInterpreter.run(graph, inputs, Precision.TYPED);
    for (IsaLevel level : NativeLibrary.runnable()) {
      NativeProgram program = NativeProgram.compile(graph, Pipeline.TRAINING, level);
      assertThat(program.source()).contains(group);
      check(program, inputs, expected, level);
    }
  }

  private static final String SUMS =
      """
      graph sums(%%x: f32[B, %1$d, %2$d] input, %%z: f32[B, %1$d, %2$d] input) {
        %%p = multiply(%%x, %%z)
        %%a = sum(%%x) {axes = [0, 1]}
        %%b = sum(%%p) {axes = [0, 1]}
        return a = %%a
        return b = %%b
      }
      """;

  /** Row by row at every level, so all levels join in one order; the second sum is of products. */
  @ParameterizedTest
  @CsvSource({"2,128,256", "3,64,200", "1,130,1024", "2,40,1500", "1,33,5000", "16,32,1000"})
  void sumColumnsRowByRow(int batch, int rows, int columns) {
    Graph graph = GraphParser.parse(SUMS.formatted(rows, columns));
    Random random = new Random(11);
    List<Array> inputs =
        List.of(random(random, batch, rows, columns), random(random, batch, rows, columns));
    List<Array> expected = GraphInterpreter.run(graph, inputs, Precision.TYPED);
    List<Array> first = null;
    for (IsaLevel level : NativeLibrary.runnable()) {
      NativeProgram program = NativeProgram.compile(graph, Pipeline.TRAINING, level);
      assertThat(program.source()).contains("into strips in memory");
      List<Array> sums = check(program, inputs, expected, level);
      for (int i = 0; i < sums.size(); i++) {
        double[] same = (first == null ? sums : first).get(i).data();
        assertThat(sums.get(i).data()).as(level.text()).isEqualTo(same);
      }
      first = sums;
    }
  }

  /** Compares with what is expected, and three workers with one, bit for bit. */
  private static List<Array> check(
      NativeProgram program, List<Array> inputs, List<Array> expected, IsaLevel level) {
    List<Array> alone = program.run(inputs, 1);
    List<Array> shared = program.run(inputs, 3);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Tolerances.backend(DType.F32).difference(expected.get(i), alone.get(i)))
          .as(level.text())
          .isNull();
      assertThat(shared.get(i).data()).as(level.text()).isEqualTo(alone.get(i).data());
    }
    return alone;
  }

  private static Array random(Random random, int... shape) {
    int size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    double[] data = random.doubles(size).map(x -> (float) (x - 0.25)).toArray();
    return new Array(DType.F32, shape, data);
  }
}

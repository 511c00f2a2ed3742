package org.modelc.passes.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.Lower;
import org.modelc.passes.Target;

class SplitReductionsTest {
  private static KernelProgram split(double large) {
    Graph graph =
        GraphParser.parse(
            """
            graph norm(%x: f32[6, 3] input) {
              %0 = multiply(%x, %x)
              %1 = sum(%0) {axes = [0, 1]}
              %2 = sqrt(%1)
              %3 = max(%x) {axes = [0, 1]}
              return norm = %2
              return largest = %3
            }
            """);
    KernelProgram fused = new Fuse().run(Lower.lower(graph), Target.PLAIN);
    return new SplitReductions(large).run(fused, Target.PLAIN);
  }

  /**
   * Twelve ones, a three and five zeros less one minus two: √(12 + 9 + 4) = 5, and the largest is
   * 3.
   */
  @Test
  void partialResultsAreJoined() {
    KernelProgram program = split(18);
    assertThat(program.kernels()).hasSize(2);
    Array x = Array.f32(new int[] {6, 3}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 0, 0, -2, 0, 0);
    Map<String, Array> results = KernelInterpreter.run(program, Map.of("x", x), Map.of());
    assertThat(results.get("norm").data()).containsExactly(5);
    assertThat(results.get("largest").data()).containsExactly(3);
  }

  @Test
  void smallOnesStayWhole() {
    assertThat(split(19).kernels()).hasSize(1);
  }
}

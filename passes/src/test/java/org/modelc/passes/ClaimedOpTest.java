package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.OpKernel;

/** A composite that a target claims stays one kernel between kernels of loops. */
class ClaimedOpTest {
  private static final Target CLAIMING =
      new Target("claiming", (op, attributes, operands) -> op.name().equals("softmax"), false);

  private static final Graph GRAPH =
      GraphParser.parse(
          """
          graph g(%x: f32[B, 5] input) {
            %0 = multiply(%x, %x)
            %1 = softmax(%0) {axis = 1}
            %2 = add(%1, %x)
            return y = %2
          }
          """);

  @Test
  void theClaimedOpIsOneKernel() {
    KernelProgram program = compiled(CLAIMING);
    List<Kernel> claimed =
        program.kernels().stream().filter(kernel -> kernel instanceof OpKernel).toList();
    assertThat(claimed).hasSize(1);
    assertThat(program.kernels()).hasSize(3);
    assertThat(claimed.get(0).toString()).contains("= softmax(");
    assertThat(compiled(Target.PLAIN).kernels()).noneMatch(kernel -> kernel instanceof OpKernel);
  }

  @Test
  void itComputesWhatTheGraphSays() {
    Array x = Array.f32(new int[] {3, 5}, 1, 2, 0.5, -1, 0, 3, 3, 3, 3, 3, -2, 1.5, 0.25, 2, 1);
    double[] expected =
        GraphInterpreter.run(GRAPH, Map.of("x", x), GraphInterpreter.Precision.EXACT)
            .get("y")
            .data();
    double[] actual =
        KernelInterpreter.run(compiled(CLAIMING), Map.of("x", x), Map.of("B", 3)).get("y").data();
    assertThat(actual).containsExactly(expected, within(1e-6));
  }

  @Test
  void aCompositeThatNobodyClaimsCannotBeLowered() {
    assertThatThrownBy(() -> Lower.lower(GRAPH))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("softmax in g is neither expanded nor claimed by plain");
  }

  private static KernelProgram compiled(Target target) {
    List<KernelProgram> programs = Pipeline.TRAINING.compile(GRAPH, target, report -> {});
    return programs.get(0);
  }
}

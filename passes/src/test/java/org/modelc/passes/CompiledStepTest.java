package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;

/** Training steps as kernels give what the graphs mean, and are fused as far as they should be. */
class CompiledStepTest {
  @Test
  void classifierWithTwoHiddenLayers() {
    Graph step = SampleNets.step(SampleNets.mlp(5, 4, 3, 2), SampleNets.minimize("sgd", Map.of()));
    KernelProgram program = Agreement.check(step, Pipeline.TRAINING, Map.of("B", 3), 1);
    assertThat(program.plan().inPlace()).hasSize(6);
  }
}

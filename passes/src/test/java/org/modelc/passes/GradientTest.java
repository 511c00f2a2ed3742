package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Gradients of whole nets against central differences in float64. A step of plain SGD at rate 1
 * takes the gradient off each parameter, so that the difference of old and new is the gradient.
 */
class GradientTest {
  private static final double STEP = 1e-6;

  private static void check(Graph loss, int batch) {
    Graph step = SampleNets.step(loss, SampleNets.minimize("sgd", Map.of()));
    Map<String, Array> inputs = new LinkedHashMap<>(Agreement.inputs(step, Map.of("B", batch), 3));
    inputs.put("rate", Array.f32(new int[] {}, 1));
    Map<String, Array> after = GraphInterpreter.run(step, inputs, Precision.EXACT);
    for (Graph.Input input : step.inputs()) {
      if (input.role() == Role.PARAMETER) {
        Array old = inputs.get(input.name());
        for (int i = 0; i < old.size(); i++) {
          double gradient = old.data()[i] - after.get(input.name() + "'").data()[i];
          assertThat(gradient)
              .as(input.name() + "[" + i + "]")
              .isCloseTo(difference(step, inputs, input.name(), i), within(1e-6));
        }
      }
    }
  }

  private static double difference(Graph step, Map<String, Array> inputs, String name, int i) {
    return (moved(step, inputs, name, i, STEP) - moved(step, inputs, name, i, -STEP)) / (2 * STEP);
  }

  private static double moved(
      Graph step, Map<String, Array> inputs, String name, int i, double by) {
    Array old = inputs.get(name);
    Array changed = new Array(old.dtype(), old.shape(), old.data().clone());
    changed.data()[i] += by;
    Map<String, Array> given = new LinkedHashMap<>(inputs);
    given.put(name, changed);
    return GraphInterpreter.run(step, given, Precision.EXACT).get("loss").data()[0];
  }

  @Test
  void classifier() {
    check(SampleNets.mlp(3, 4, 2), 3);
  }

  @Test
  void convolutionsNormsAndPools() {
    check(SampleNets.cnn(4, 2, 2, true), 2);
  }
}

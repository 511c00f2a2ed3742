package org.modelc.testkit.random;

import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;

/**
 * A random graph with inputs for it.
 *
 * @param seed makes the same case again
 * @param inputs in the graph's order; they bind its dynamic dims
 */
public record RandomCase(long seed, Graph graph, List<Array> inputs) {
  public RandomCase {
    inputs = List.copyOf(inputs);
  }

  /** The case as text, to be kept as a test. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("seed " + seed + "\n" + graph);
    for (int i = 0; i < inputs.size(); i++) {
      text.append(graph.inputs().get(i).name()).append(" = ").append(inputs.get(i)).append('\n');
    }
    return text.toString();
  }
}

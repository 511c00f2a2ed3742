package org.modelc.ir.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A program or region: values in single-assignment form, nodes in topological order. Immutable; a
 * pass makes a new one with a {@link GraphBuilder}.
 *
 * @param name the program's name
 * @param inputs what it reads, by role
 * @param nodes its nodes, each after what it reads
 * @param outputs what it gives
 * @param bounds checks of dynamic dims at entry
 */
public record Graph(
    String name, List<Input> inputs, List<Node> nodes, List<Output> outputs, List<Bound> bounds) {
  public Graph {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    bounds = List.copyOf(bounds);
  }

  /** A named input: a data tensor, parameter, state, optimiser buffer or control scalar. */
  public record Input(String name, Role role, Value value) {}

  /**
   * A named output.
   *
   * @param updates the name of the parameter, state or optimiser input whose new value this is;
   *     null for a plain result
   */
  public record Output(String name, Value value, String updates) {}

  /** The node that defines each value; graph inputs have none. */
  public Map<Value, Node> producers() {
    Map<Value, Node> producers = new IdentityHashMap<>();
    for (Node node : nodes) {
      for (Value result : node.results()) {
        producers.put(result, node);
      }
    }
    return producers;
  }

  /** How often each value is read by nodes and outputs. */
  public Map<Value, Integer> useCounts() {
    Map<Value, Integer> counts = new IdentityHashMap<>();
    for (Node node : nodes) {
      node.operands().forEach(operand -> counts.merge(operand, 1, Integer::sum));
    }
    outputs.forEach(output -> counts.merge(output.value(), 1, Integer::sum));
    return counts;
  }

  /** The output with this name, or null. */
  public Output output(String outputName) {
    return outputs.stream().filter(o -> o.name().equals(outputName)).findFirst().orElse(null);
  }

  /** The input with this name, or null. */
  public Input input(String inputName) {
    return inputs.stream().filter(i -> i.name().equals(inputName)).findFirst().orElse(null);
  }

  @Override
  public String toString() {
    return GraphPrinter.print(this);
  }
}

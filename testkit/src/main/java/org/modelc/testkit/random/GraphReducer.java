package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Shrinks a failing case: keeps one output at a time, then replaces nodes by inputs that hold what
 * they compute, as long as it still fails.
 */
public final class GraphReducer {
  private final Predicate<RandomCase> fails;
  private int cuts;

  private GraphReducer(Predicate<RandomCase> fails) {
    this.fails = fails;
  }

  /** A smaller case that fails too; the case itself if none is found. */
  public static RandomCase reduce(RandomCase failing, Predicate<RandomCase> fails) {
    return new GraphReducer(fails).run(failing);
  }

  private RandomCase run(RandomCase failing) {
    RandomCase current = fewerOutputs(failing);
    boolean shrinking = true;
    while (shrinking) {
      shrinking = false;
      for (int i = current.graph().nodes().size() - 1; i >= 0 && !shrinking; i--) {
        RandomCase smaller = withoutNode(current, current.graph().nodes().get(i));
        if (smaller != null && fails.test(smaller)) {
          current = smaller;
          shrinking = true;
        }
      }
    }
    return current;
  }

  private RandomCase fewerOutputs(RandomCase failing) {
    RandomCase current = failing;
    for (Graph.Output output : failing.graph().outputs()) {
      List<Graph.Output> others = new ArrayList<>(current.graph().outputs());
      others.removeIf(other -> other.name().equals(output.name()));
      RandomCase smaller = rebuild(current, others, null, Map.of());
      if (!others.isEmpty() && fails.test(smaller)) {
        current = smaller;
      }
    }
    return current;
  }

  private RandomCase withoutNode(RandomCase current, Node node) {
    Graph graph = current.graph();
    List<Graph.Output> probes = new ArrayList<>();
    for (Value result : node.results()) {
      probes.add(new Graph.Output("probe" + probes.size(), result, null));
    }
    Graph probed = new Graph(graph.name(), graph.inputs(), graph.nodes(), probes, graph.bounds());
    List<Array> values = GraphInterpreter.run(probed, current.inputs(), Precision.TYPED);
    Map<Value, Array> known = new IdentityHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      known.put(node.results().get(i), values.get(i));
    }
    boolean isOutput = graph.outputs().stream().anyMatch(o -> known.containsKey(o.value()));
    return isOutput ? null : rebuild(current, graph.outputs(), node, known);
  }

  /** The graph that these outputs need, with one node's results as inputs. */
  private RandomCase rebuild(
      RandomCase current, List<Graph.Output> outputs, Node cut, Map<Value, Array> known) {
    Graph graph = current.graph();
    Set<Value> needed = needed(graph, outputs, cut);
    GraphBuilder builder = new GraphBuilder(graph.name());
    Map<Value, Value> placed = new IdentityHashMap<>();
    List<Array> inputs = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Graph.Input input = graph.inputs().get(i);
      boolean bindsDim = !input.value().tensor().isStatic();
      if (needed.contains(input.value()) || bindsDim) {
        Value value = builder.input(input.name(), input.role(), input.value().type());
        placed.put(input.value(), value);
        inputs.add(current.inputs().get(i));
      }
    }
    for (Map.Entry<Value, Array> entry : known.entrySet()) {
      String name = "cut" + cuts++;
      placed.put(entry.getKey(), builder.input(name, Role.INPUT, entry.getKey().type()));
      inputs.add(entry.getValue());
    }
    for (Node node : graph.nodes()) {
      if (node != cut && node.results().stream().anyMatch(needed::contains)) {
        List<Value> operands = node.operands().stream().map(placed::get).toList();
        List<Value> results = builder.copy(node, operands);
        for (int i = 0; i < results.size(); i++) {
          placed.put(node.results().get(i), results.get(i));
        }
      }
    }
    outputs.forEach(output -> builder.output(output.name(), placed.get(output.value())));
    return new RandomCase(current.seed(), builder.build(), inputs);
  }

  private static Set<Value> needed(Graph graph, List<Graph.Output> outputs, Node cut) {
    Set<Value> needed = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
    outputs.forEach(output -> needed.add(output.value()));
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node != cut && node.results().stream().anyMatch(needed::contains)) {
        needed.addAll(node.operands());
      }
    }
    return needed;
  }
}

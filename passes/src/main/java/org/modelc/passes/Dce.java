package org.modelc.passes;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Drops nodes that no output needs, and inputs that nothing reads where the caller does not count
 * on them: controls and constants. Data, parameters and states stay, so that signatures do not
 * depend on what was optimised away.
 */
public final class Dce implements GraphPass {
  private static final Set<Role> DROPPED = Set.of(Role.CONTROL, Role.CONSTANT);

  @Override
  public String name() {
    return "dce";
  }

  @Override
  public Set<Stage> establishes() {
    return Set.of(Stage.LIVE);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    Set<Value> needed = needed(graph);
    List<Node> nodes =
        graph.nodes().stream()
            .filter(node -> node.results().stream().anyMatch(needed::contains))
            .toList();
    List<Graph.Input> inputs =
        graph.inputs().stream()
            .filter(input -> needed.contains(input.value()) || !DROPPED.contains(input.role()))
            .toList();
    boolean same = nodes.size() == graph.nodes().size() && inputs.size() == graph.inputs().size();
    return same ? graph : new Graph(graph.name(), inputs, nodes, graph.outputs(), graph.bounds());
  }

  /** The values that outputs depend on. */
  static Set<Value> needed(Graph graph) {
    Set<Value> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    graph.outputs().forEach(output -> needed.add(output.value()));
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.results().stream().anyMatch(needed::contains)) {
        needed.addAll(node.operands());
      }
    }
    return needed;
  }
}

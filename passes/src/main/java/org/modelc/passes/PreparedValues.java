package org.modelc.passes;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeDims;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** The values of a program that depend on parameters, states and constants alone. */
final class PreparedValues {
  private static final Set<Role> FIXED = Set.of(Role.PARAMETER, Role.STATE, Role.CONSTANT);

  private PreparedValues() {}

  static Set<Value> of(Graph graph) {
    Set<Value> prepared = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Graph.Input input : graph.inputs()) {
      if (FIXED.contains(input.role())) {
        prepared.add(input.value());
      }
    }
    for (Node node : graph.nodes()) {
      boolean fixed =
          !node.op().isRandom()
              && !readsDims(node)
              && prepared.containsAll(node.operands())
              && node.results().stream().allMatch(result -> result.tensor().isStatic());
      if (fixed) {
        prepared.addAll(node.results());
      }
    }
    return prepared;
  }

  /** Whether a dynamic dim is among the attributes: its value comes with each call. */
  private static boolean readsDims(Node node) {
    boolean[] dynamic = {false};
    AttributeDims.map(
        node.attributes(),
        dim -> {
          dynamic[0] |= !dim.isStatic();
          return dim;
        });
    return dynamic[0];
  }
}

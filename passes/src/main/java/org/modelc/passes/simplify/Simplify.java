package org.modelc.passes.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.passes.GraphPass;
import org.modelc.passes.Stage;
import org.modelc.passes.Target;

/** Applies the rewrite rules until none fits. */
public final class Simplify implements GraphPass {
  /** Rules make graphs smaller or nearer to a normal form, so that few rounds are ever needed. */
  private static final int MOST_ROUNDS = 16;

  private static final Map<String, List<Rule>> RULES = byRootOp();

  private static Map<String, List<Rule>> byRootOp() {
    List<Rule> all = new ArrayList<>(ArithmeticRules.ALL);
    all.addAll(LogicRules.ALL);
    all.addAll(ShapeRules.ALL);
    Map<String, List<Rule>> rules = new HashMap<>();
    for (Rule rule : all) {
      rules.computeIfAbsent(rule.pattern().op(), op -> new ArrayList<>()).add(rule);
    }
    return rules;
  }

  @Override
  public String name() {
    return "simplify";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.COMPOSITES_EXPANDED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    Graph current = graph;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean[] changed = {false};
      Graph next =
          GraphRewriter.rewrite(
              current,
              (node, operands, builder) -> {
                List<Value> results = simplified(node, operands, builder, target);
                changed[0] |= results != null;
                return results;
              });
      if (!changed[0]) {
        return current;
      }
      current = next;
    }
    return current;
  }

  private static List<Value> simplified(
      Node node, List<Value> operands, GraphBuilder builder, Target target) {
    for (Rule rule : RULES.getOrDefault(node.op().name(), List.of())) {
      if (rule.exactness() == Rule.Exactness.UNSAFE && !target.unsafeMath()) {
        continue;
      }
      Match match = new Match(builder, node.result().tensor());
      if (rule.pattern().fits(node.op().name(), node.attributes(), operands, match)) {
        Value replacement = rule.replacement().apply(match);
        if (replacement != null) {
          return List.of(replacement);
        }
      }
    }
    return null;
  }
}

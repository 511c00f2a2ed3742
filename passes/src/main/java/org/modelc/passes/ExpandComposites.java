package org.modelc.passes;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;

/** Replaces composite ops by what they stand for, except those the target claims. */
public final class ExpandComposites implements GraphPass {
  /** Composites are built of others at most this deep; more is a composite that contains itself. */
  private static final int DEEPEST = 32;

  @Override
  public String name() {
    return "expand-composites";
  }

  @Override
  public Set<Stage> establishes() {
    return Set.of(Stage.COMPOSITES_EXPANDED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    return expandNodes(graph, node -> !target.claims(node));
  }

  /** Expands, again and again, the composites that are chosen. */
  static Graph expand(Graph graph, Predicate<OpDef<?>> chosen) {
    return expandNodes(graph, node -> chosen.test(node.op()));
  }

  private static Graph expandNodes(Graph graph, Predicate<Node> chosen) {
    Predicate<Node> expandable = node -> node.op() instanceof CompositeOp<?> && chosen.test(node);
    Graph current = graph;
    for (int depth = 0; contains(current, expandable); depth++) {
      if (depth == DEEPEST) {
        throw new IllegalStateException("composites of " + graph.name() + " contain themselves");
      }
      current =
          GraphRewriter.rewrite(
              current,
              (node, operands, builder) ->
                  expandable.test(node) ? expansion(node, operands, builder) : null);
    }
    return current;
  }

  private static boolean contains(Graph graph, Predicate<Node> expandable) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                expandable.test(node)
                    || node.regions().stream().anyMatch(region -> contains(region, expandable)));
  }

  @SuppressWarnings("unchecked")
  private static List<Value> expansion(Node node, List<Value> operands, GraphBuilder builder) {
    return ((CompositeOp<Record>) node.op()).expand(builder, node.attributes(), operands);
  }
}

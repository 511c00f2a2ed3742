package org.modelc.passes;

import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphRewriter;

/**
 * Merges nodes of equal op, attributes and operands. The builder does it; random nodes and nodes
 * with regions stay apart, and regions do not see each other.
 */
public final class Cse implements GraphPass {
  @Override
  public String name() {
    return "cse";
  }

  @Override
  public Set<Stage> establishes() {
    return Set.of(Stage.MERGED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    Graph merged = GraphRewriter.rewrite(graph, GraphRewriter.Rule.KEEP);
    return merged.nodes().size() == graph.nodes().size() ? graph : merged;
  }
}

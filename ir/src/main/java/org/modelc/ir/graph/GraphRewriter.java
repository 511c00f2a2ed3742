package org.modelc.ir.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * Copies a graph's nodes into a builder, replacing those that a rule replaces. Replacements carry
 * the source places of what they replace; equal pure nodes are merged by the builder.
 */
public final class GraphRewriter {
  /** What becomes of a node. */
  @FunctionalInterface
  public interface Rule {
    /** A rule that keeps every node. */
    Rule KEEP = (node, operands, builder) -> null;

    /**
     * Builds a replacement.
     *
     * @param node the node of the old graph
     * @param operands its operands in the new graph
     * @param builder where the replacement goes
     * @return the new values of the node's results, or null to copy the node
     */
    List<Value> apply(Node node, List<Value> operands, GraphBuilder builder);
  }

  private final GraphBuilder builder;
  private final Rule rule;
  private final Map<Value, Value> values = new IdentityHashMap<>();

  public GraphRewriter(GraphBuilder builder, Rule rule) {
    this.builder = builder;
    this.rule = rule;
  }

  /** The graph with the rule applied once to every node, in order; regions are rewritten alike. */
  public static Graph rewrite(Graph graph, Rule rule) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    GraphRewriter rewriter = new GraphRewriter(builder, rule);
    graph.inputs().forEach(rewriter::input);
    graph.nodes().forEach(rewriter::node);
    rewriter.ends(graph);
    return builder.build();
  }

  /** Declares an input like the old graph's. */
  public Value input(Graph.Input input) {
    List<SourceSpan> before = builder.origin();
    Value old = input.value();
    Value value = builder.at(old.origin()).input(input.name(), input.role(), old.type());
    builder.at(before);
    values.put(old, value);
    return value;
  }

  /** Says what an old value is in the new graph. */
  public void map(Value old, Value value) {
    values.put(old, value);
  }

  /** Whether an old value has its counterpart yet. */
  public boolean knows(Value old) {
    return values.containsKey(old);
  }

  /** The counterpart of an old value. */
  public Value value(Value old) {
    Value value = values.get(old);
    if (value == null) {
      throw new IllegalStateException(old + " is used before it is defined");
    }
    return value;
  }

  /** Copies or replaces a node. */
  public void node(Node node) {
    List<Value> operands = node.operands().stream().map(this::value).toList();
    List<SourceSpan> before = builder.origin();
    if (!node.results().isEmpty()) {
      builder.at(node.results().get(0).origin());
    }
    List<Value> results = rule.apply(node, operands, builder);
    builder.at(before);
    if (results == null) {
      results = builder.copy(withRewrittenRegions(node), operands);
    }
    for (int i = 0; i < node.results().size(); i++) {
      values.put(node.results().get(i), results.get(i));
    }
  }

  /** Declares outputs, updates and bounds like the old graph's. */
  public void ends(Graph graph) {
    for (Graph.Output output : graph.outputs()) {
      if (output.updates() == null) {
        builder.output(output.name(), value(output.value()));
      } else {
        builder.update(output.updates(), value(output.value()));
      }
    }
    graph.bounds().forEach(builder::bound);
  }

  private Node withRewrittenRegions(Node node) {
    if (node.regions().isEmpty()) {
      return node;
    }
    List<Graph> regions = new ArrayList<>();
    node.regions().forEach(region -> regions.add(rewrite(region, rule)));
    return new Node(node.op(), node.attributes(), node.operands(), regions, node.results());
  }
}

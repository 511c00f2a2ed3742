package org.modelc.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.MovementOp;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Dequantize;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.UnpackInt4;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Splits an inference program in two: what depends on parameters and states alone goes to {@code
 * <name>.prepare}, which is run once when parameters are loaded or change; the main program reads
 * the results as {@link Role#CONSTANT} inputs of the same names as the outputs there.
 *
 * <p>Mere movements of elements stay in the main program, where fusion makes them free; so do
 * constants.
 */
final class HoistPreparation {
  private final Graph graph;
  private final Map<Value, Node> producers;
  private final Set<Value> prepared;
  private final Map<Value, String> names = new IdentityHashMap<>();
  private final List<Value> hoisted = new ArrayList<>();

  private HoistPreparation(Graph graph) {
    this.graph = graph;
    this.producers = graph.producers();
    this.prepared = PreparedValues.of(graph);
  }

  /**
   * The programs that a program is split into.
   *
   * @param prepare the part that depends on parameters alone; null if there is none worth it
   * @param main the rest
   */
  record Split(Graph prepare, Graph main) {}

  /** Splits a program; one that updates what it reads is left whole. */
  static Split split(Graph graph) {
    boolean updates = graph.outputs().stream().anyMatch(output -> output.updates() != null);
    return updates ? new Split(null, graph) : new HoistPreparation(graph).split();
  }

  private Split split() {
    findHoisted();
    return hoisted.isEmpty() ? new Split(null, graph) : new Split(prepare(), main());
  }

  /** Values that something not prepared reads, looking through movements. */
  private void findHoisted() {
    Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : graph.nodes()) {
      if (!prepared.containsAll(node.results())) {
        node.operands().forEach(operand -> hoist(operand, seen));
      }
    }
    graph.outputs().forEach(output -> hoist(output.value(), seen));
  }

  private void hoist(Value value, Set<Value> seen) {
    Node producer = producers.get(value);
    if (producer == null || !prepared.contains(value) || !seen.add(value)) {
      return;
    }
    if (isMovement(producer)) {
      producer.operands().forEach(operand -> hoist(operand, seen));
    } else if (!(producer.op() instanceof Constant)) {
      String hint = value.hint().isEmpty() ? producer.op().name() : value.hint();
      names.put(value, graph.name() + ".prepared." + hoisted.size() + "." + hint);
      hoisted.add(value);
    }
  }

  /**
   * What is stored in few bits is widened where it is used: prepared, it would take more memory.
   */
  private static boolean isMovement(Node node) {
    return node.op() instanceof MovementOp<?>
        || node.op() instanceof Broadcast
        || node.op() instanceof Reshape
        || node.op() instanceof Dequantize
        || node.op() instanceof UnpackInt4
        || isWidening(node);
  }

  private static boolean isWidening(Node node) {
    return node.op() instanceof Cast
        && node.operand(0).tensor().dtype().bytes() < node.result().tensor().dtype().bytes();
  }

  private Graph prepare() {
    GraphBuilder builder = new GraphBuilder(graph.name() + ".prepare");
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    graph.inputs().stream()
        .filter(input -> prepared.contains(input.value()))
        .forEach(rewriter::input);
    graph.nodes().stream()
        .filter(node -> prepared.containsAll(node.results()))
        .forEach(rewriter::node);
    hoisted.forEach(value -> builder.output(names.get(value), rewriter.value(value)));
    return withoutUnused(builder.build());
  }

  private Graph main() {
    GraphBuilder builder = new GraphBuilder(graph.name());
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    graph.inputs().forEach(rewriter::input);
    for (Value value : hoisted) {
      builder.at(value.origin());
      rewriter.map(value, builder.input(names.get(value), Role.CONSTANT, value.type()));
    }
    builder.at(List.of());
    for (Node node : graph.nodes()) {
      boolean given = node.results().stream().anyMatch(names::containsKey);
      if (!given && node.operands().stream().allMatch(rewriter::knows)) {
        rewriter.node(node);
      }
    }
    rewriter.ends(graph);
    return withoutUnused(builder.build());
  }

  /** Drops dead nodes, and parameters that only the other program reads. */
  private static Graph withoutUnused(Graph program) {
    Graph live = new Dce().run(program, Target.PLAIN);
    Set<Value> needed = Dce.needed(live);
    List<Graph.Input> inputs =
        live.inputs().stream()
            .filter(input -> needed.contains(input.value()) || input.role() == Role.INPUT)
            .toList();
    return new Graph(live.name(), inputs, live.nodes(), live.outputs(), live.bounds());
  }
}

package org.modelc.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.ops.Add;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Applies an op's vjp, or those of what it expands to: the plainest reverse mode there is. */
final class ReverseMode {
  private final GraphBuilder builder;

  ReverseMode(GraphBuilder builder) {
    this.builder = builder;
  }

  /** Cotangents of the operands; null where none flows. */
  @SuppressWarnings("unchecked")
  <A extends Record> List<Value> vjp(
      OpDef<A> op,
      A attributes,
      List<Value> operands,
      List<Value> results,
      List<Value> cotangents) {
    if (!op.isDifferentiable() || cotangents.stream().allMatch(c -> c == null)) {
      return Arrays.asList(new Value[operands.size()]);
    }
    List<Value> own = op.vjp(new VjpCall<>(builder, attributes, operands, results, cotangents));
    if (own != null) {
      return own;
    }
    if (op instanceof CompositeOp<A> composite) {
      return throughExpansion(composite, attributes, operands, cotangents);
    }
    throw new AssertionError(op + " is a differentiable primitive without a vjp");
  }

  private <A extends Record> List<Value> throughExpansion(
      CompositeOp<A> op, A attributes, List<Value> operands, List<Value> cotangents) {
    Graph body = expansion(op, attributes, operands);
    Map<Value, Value> placed = new IdentityHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      placed.put(body.inputs().get(i).value(), operands.get(i));
    }
    for (Node node : body.nodes()) {
      List<Value> copies = builder.copy(node, node.operands().stream().map(placed::get).toList());
      for (int i = 0; i < copies.size(); i++) {
        placed.put(node.results().get(i), copies.get(i));
      }
    }
    Map<Value, Value> gradients = new IdentityHashMap<>();
    for (int i = 0; i < cotangents.size(); i++) {
      accumulate(gradients, body.outputs().get(i).value(), cotangents.get(i));
    }
    for (int i = body.nodes().size() - 1; i >= 0; i--) {
      back(body.nodes().get(i), placed, gradients);
    }
    return body.inputs().stream()
        .map(input -> gradients.get(input.value()))
        .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
  }

  @SuppressWarnings("unchecked")
  private void back(Node node, Map<Value, Value> placed, Map<Value, Value> gradients) {
    List<Value> operands = node.operands().stream().map(placed::get).toList();
    List<Value> results = node.results().stream().map(placed::get).toList();
    List<Value> cotangents = new ArrayList<>();
    node.results().forEach(result -> cotangents.add(gradients.get(result)));
    List<Value> own =
        vjp((OpDef<Record>) node.op(), node.attributes(), operands, results, cotangents);
    for (int i = 0; i < own.size(); i++) {
      accumulate(gradients, node.operand(i), own.get(i));
    }
  }

  private void accumulate(Map<Value, Value> gradients, Value value, Value more) {
    if (more != null) {
      gradients.merge(value, more, (left, right) -> Add.of(builder, left, right));
    }
  }

  private static <A extends Record> Graph expansion(
      CompositeOp<A> op, A attributes, List<Value> operands) {
    GraphBuilder body = new GraphBuilder(op.name());
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      inputs.add(body.input("operand" + i, Role.INPUT, operands.get(i).type()));
    }
    List<Value> results = op.expand(body, attributes, inputs);
    for (int i = 0; i < results.size(); i++) {
      body.output("result" + i, results.get(i));
    }
    return body.build();
  }
}

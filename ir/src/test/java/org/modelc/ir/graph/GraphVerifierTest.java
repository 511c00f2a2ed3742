package org.modelc.ir.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Role;

class GraphVerifierTest {
  private static final Graph GOOD =
      GraphParser.parse(
          """
          graph g(%x: f32[B, 3] input, %w: f32[3] parameter) {
            %0 = broadcast(%w) {shape = [B, 3]}
            %1 = add(%x, %0)
            %2 = sum(%1) {axes = [0]}
            return y = %1
            update w = %2
          }
          """);

  private static void refuses(Graph graph, String message) {
    assertThatThrownBy(() -> GraphVerifier.verify(graph))
        .isInstanceOf(InvalidGraphException.class)
        .hasMessageContaining("graph g: ")
        .hasMessageContaining(message);
  }

  private static Graph with(List<Node> nodes, List<Graph.Output> outputs) {
    return new Graph("g", GOOD.inputs(), nodes, outputs, List.of());
  }

  @Test
  void acceptsAGoodGraph() {
    assertThat(GraphVerifier.verify(GOOD)).isSameAs(GOOD);
  }

  @Test
  void usesComeAfterDefinitions() {
    List<Node> nodes = GOOD.nodes();
    Graph swapped = with(List.of(nodes.get(1), nodes.get(0), nodes.get(2)), GOOD.outputs());
    refuses(swapped, "operand 1 is used before it is defined");
    refuses(swapped, "add(%x");
    refuses(with(nodes.subList(0, 1), GOOD.outputs()), "output y is not defined here");
  }

  @Test
  void valuesAreDefinedOnce() {
    List<Node> nodes = GOOD.nodes();
    Graph doubled = with(List.of(nodes.get(0), nodes.get(0)), List.of());
    refuses(doubled, "a result is defined twice");
  }

  @Test
  void typesAreTheInferredOnes() {
    Node add = GOOD.nodes().get(1);
    Value wrong = new Value(TensorType.of(DType.F32, 7), "", List.of());
    Node changed = new Node(add.op(), add.attributes(), add.operands(), List.of(), List.of(wrong));
    refuses(
        with(List.of(GOOD.nodes().get(0), changed), List.of()), "results should be [f32[B, 3]]");
    Node misused =
        new Node(
            add.op(), add.attributes(), GOOD.nodes().get(0).operands(), List.of(), List.of(wrong));
    refuses(with(List.of(misused), List.of()), "add takes 2 operands, got 1");
  }

  @Test
  void dimsAreBoundByInputs() {
    Graph unbound =
        GraphParser.parse(
            "graph g(%w: f32[3] parameter) { %0 = broadcast(%w) {shape = [N, 3]} return y = %0 }");
    refuses(unbound, "dim N occurs in no input");
    Graph bounded =
        new Graph(
            "g", GOOD.inputs(), List.of(), List.of(), List.of(new Bound(Dim.symbol("N"), 0, 1)));
    refuses(bounded, "speaks of N");
  }

  @Test
  void updatesFitTheirInput() {
    Value w = GOOD.input("w").value();
    Value x = GOOD.input("x").value();
    refuses(with(List.of(), List.of(new Graph.Output("x'", x, "x"))), "which is INPUT");
    refuses(with(List.of(), List.of(new Graph.Output("w'", x, "w"))), "f32[3] by f32[B, 3]");
    Graph.Output update = new Graph.Output("w'", w, "w");
    refuses(with(List.of(), List.of(update, update)), "two outputs are named w'");
  }

  @Test
  void inputsAreNamedOnceAndHaveARole() {
    Graph.Input x = GOOD.input("x");
    refuses(
        new Graph("g", List.of(x, x), List.of(), List.of(), List.of()), "two inputs are named x");
    Graph.Input output = new Graph.Input("z", Role.OUTPUT, x.value());
    refuses(
        new Graph("g", List.of(output), List.of(), List.of(), List.of()), "has the role OUTPUT");
  }
}

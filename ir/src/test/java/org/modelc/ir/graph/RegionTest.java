package org.modelc.ir.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.ir.ops.Negate;

/** Regions from text to text, by an operator of the tests that owns one. */
class RegionTest {
  private static final String TEXT =
      """
      graph outer(%x: f32[B, 3] input, %w: f32[3] parameter) {
        %0: f32[B, 3] = exp(%x)
        %1: f32[B, 3] = repeat_for_test(%0, %w) graph body(%carried: f32[B, 3] input, %w.2 "w": f32[3] parameter) {
          %2: f32[B, 3] = exp(%carried)
          %3: f32[B, 3] = repeat_for_test(%2, %w.2) graph inner(%c: f32[B, 3] input) {
            %4: f32[B, 3] = exp(%c)
            return "next" = %4
          }
          return "next" = %3
        }
        return "y" = %1
      }
      """;

  @Test
  void nestedRegionsAreReadPrintedAndVerified() {
    Graph graph = GraphParser.parse(TEXT);
    assertThat(GraphPrinter.print(graph)).isEqualTo(TEXT);
    assertThat(GraphVerifier.verify(graph)).isSameAs(graph);
  }

  @Test
  void rewritesReachEveryRegion() {
    Graph rewritten =
        GraphRewriter.rewrite(
            GraphParser.parse(TEXT),
            (node, operands, builder) ->
                node.op().name().equals("exp")
                    ? List.of(Negate.of(builder, operands.get(0)))
                    : null);
    assertThat(GraphPrinter.print(GraphVerifier.verify(rewritten)))
        .isEqualTo(TEXT.replace("exp", "negate"));
  }

  /** Regions see nothing of what is around them: captures are operands. */
  @Test
  void aRegionIsIsolatedFromAbove() {
    assertThatThrownBy(() -> GraphParser.parse(TEXT.replace("exp(%c)", "exp(%x)")))
        .isInstanceOf(GraphParseException.class)
        .hasMessageContaining("%x");
    Graph outer = GraphParser.parse(TEXT);
    Node owner = outer.nodes().get(1);
    Graph body = owner.regions().get(0);
    GraphBuilder stolen = new GraphBuilder("body");
    body.inputs().forEach(each -> stolen.input(each.name(), each.role(), each.value().type()));
    stolen.output("next", outer.nodes().get(0).results().get(0));
    Node wrong =
        new Node(
            owner.op(),
            owner.attributes(),
            owner.operands(),
            List.of(stolen.build()),
            owner.results());
    Graph broken =
        new Graph(
            "outer",
            outer.inputs(),
            List.of(outer.nodes().get(0), wrong),
            outer.outputs(),
            outer.bounds());
    assertThatThrownBy(() -> GraphVerifier.verify(broken))
        .isInstanceOf(InvalidGraphException.class)
        .hasMessageContaining("graph body");
  }

  /** Hash-consing shares equal nodes of one graph, never two that own regions. */
  @Test
  void nodesWithRegionsAreNotShared() {
    Graph outer = GraphParser.parse(TEXT);
    GraphBuilder builder = new GraphBuilder("twice");
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    outer.inputs().forEach(rewriter::input);
    outer.nodes().forEach(rewriter::node);
    outer.nodes().forEach(rewriter::node);
    assertThat(builder.nodes().stream().map(node -> node.op().name()))
        .containsExactly("exp", "repeat_for_test", "repeat_for_test");
  }

  @Test
  void theOwnersRuleSeesItsRegions() {
    String wrong = TEXT.replace("%carried: f32[B, 3]", "%carried: f32[B, 4]");
    assertThatThrownBy(() -> GraphParser.parse(wrong)).hasMessageContaining("f32[B, 4]");
  }
}

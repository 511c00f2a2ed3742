package org.modelc.passes.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.passes.Autodiff;

/** Weights masked by scores, and the gradients of both, by hand. */
class MovementScoresTest {
  private static final String LOSS =
      """
      graph loss(%w: f32[3] parameter, %x: f32[3] input) {
        %0 = multiply(%w, %x)
        %1 = sum(%0) {axes = [0], keep = false}
        return loss = %1
      }
      """;

  @Test
  void masksAndGradients() {
    Graph scored = MovementScores.of(GraphParser.parse(LOSS), Set.of("w"));
    GraphBuilder builder = new GraphBuilder("gradients");
    GraphRewriter copy = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    scored.inputs().forEach(copy::input);
    scored.nodes().forEach(copy::node);
    Value weight = copy.value(scored.input("w").value());
    Value score = copy.value(scored.input("w.score").value());
    Value loss = copy.value(scored.output("loss").value());
    Map<Value, Value> gradients = Autodiff.gradients(builder, loss, List.of(weight, score));
    builder.output("loss", loss);
    builder.output("by weight", gradients.get(weight));
    builder.output("by score", gradients.get(score));
    Map<String, Array> given =
        Map.of(
            "w", Array.f32(new int[] {3}, 2, -3, 5),
            "x", Array.f32(new int[] {3}, 7, 11, 13),
            "w.score", Array.f32(new int[] {3}, 0.5, 0.25, -1),
            "w.threshold", Array.f32(new int[] {}, 0.25));
    Map<String, Array> results =
        GraphInterpreter.run(builder.build(), given, GraphInterpreter.Precision.TYPED);
    // Only the first score is above: 2 · 7.
    assertThat(results.get("loss").data()).containsExactly(14);
    // A weight that is away has no gradient; a score's is w · ∂L/∂w, also of what is away.
    assertThat(results.get("by weight").data()).containsExactly(7, 0, 0);
    assertThat(results.get("by score").data()).containsExactly(14, -33, 65);
  }
}

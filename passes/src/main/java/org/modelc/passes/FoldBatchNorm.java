package org.modelc.passes;

import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Contraction;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Multiply;

/**
 * Folds what follows a matrix product or convolution channel by channel into its weight and one
 * shift: {@code (x ∘ w − c) × f + s} becomes {@code x ∘ (w × f) + (s − c × f)} where c, f and s
 * depend on parameters and states alone. A batch norm is such a thing when it does not train; so
 * are scalings that a user writes. {@link HoistPreparation} then computes the new weight once.
 *
 * <p>Sums are rounded otherwise than before, within the same error bounds.
 */
public final class FoldBatchNorm implements GraphPass {
  @Override
  public String name() {
    return "fold-batch-norm";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.COMPOSITES_EXPANDED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    AffineChains chains = new AffineChains(graph);
    if (chains.tops().isEmpty()) {
      return graph;
    }
    GraphBuilder builder = new GraphBuilder(graph.name());
    GraphRewriter[] rewriter = new GraphRewriter[1];
    rewriter[0] =
        new GraphRewriter(
            builder,
            (node, operands, into) -> {
              AffineChains.Chain chain = chains.tops().get(node);
              return chain == null ? null : java.util.List.of(folded(chain, rewriter[0], into));
            });
    graph.inputs().forEach(rewriter[0]::input);
    graph.nodes().forEach(rewriter[0]::node);
    rewriter[0].ends(graph);
    return builder.build();
  }

  private static Value folded(
      AffineChains.Chain chain, GraphRewriter rewriter, GraphBuilder builder) {
    Value factor = null;
    Value shift = null;
    for (AffineChains.Step step : chain.steps()) {
      Value operand = step.vector(builder, rewriter);
      switch (step.kind()) {
        case ADD, SUBTRACT -> shift = step.shifted(builder, shift, operand);
        case MULTIPLY, DIVIDE -> {
          factor = step.scaled(builder, factor, operand);
          shift = shift == null ? null : step.scaled(builder, shift, operand);
        }
      }
    }
    Value result = contraction(chain, factor, rewriter, builder);
    return shift == null ? result : Add.of(builder, result, chain.alongResult(builder, shift));
  }

  private static Value contraction(
      AffineChains.Chain chain, Value factor, GraphRewriter rewriter, GraphBuilder builder) {
    Node node = chain.contraction();
    Value input = rewriter.value(node.operand(0));
    Value weight = rewriter.value(node.operand(1));
    if (factor != null) {
      weight = Multiply.of(builder, weight, chain.alongWeight(builder, factor));
    }
    return builder.copy(node, java.util.List.of(input, weight)).get(0);
  }

  /** Whether scaling this node's result can be scaling its weight. */
  static boolean isContraction(Node node) {
    return node.op() instanceof Contraction<?> && node.operands().size() == 2;
  }
}

package org.modelc.passes.compress;

import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Greater;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.StraightThrough;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Rewrites programs so that a training of them learns which weights to keep: each weight is
 * multiplied by 1 where its score is above a threshold and by 0 elsewhere. The comparison passes
 * gradients straight through, so a score's is {@code w · ∂L/∂w}: what moves away from 0 gains, what
 * moves towards it loses (Sanh et al., Movement Pruning, 2020). Scores learn by the recipe's
 * optimiser from 0, for weights that are away too; thresholds are set between steps.
 */
public final class MovementScores {
  private MovementScores() {}

  /**
   * The program over masked weights.
   *
   * @param weights parameters that it may read
   */
  public static Graph of(Graph program, Set<String> weights) {
    GraphBuilder builder = new GraphBuilder(program.name());
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    for (Graph.Input input : program.inputs()) {
      Value value = rewriter.input(input);
      if (input.role() == Role.PARAMETER && weights.contains(input.name())) {
        builder.at(input.value().origin());
        rewriter.map(input.value(), masked(builder, input.name(), value));
        builder.at(List.of());
      }
    }
    program.nodes().forEach(rewriter::node);
    rewriter.ends(program);
    return builder.build();
  }

  /** The program of first values, with scores of 0 and thresholds below them. */
  public static Graph init(Graph init, Set<String> weights) {
    GraphBuilder builder = new GraphBuilder(init.name());
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    init.inputs().forEach(rewriter::input);
    init.nodes().forEach(rewriter::node);
    rewriter.ends(init);
    for (Graph.Input input : init.inputs()) {
      if (weights.contains(input.name())) {
        TensorType type = input.value().tensor();
        builder.input(scoreOf(input.name()), Role.PARAMETER, type);
        builder.update(
            scoreOf(input.name()), Constant.full(builder, type.dtype(), type.shape(), 0));
        builder.input(thresholdOf(input.name()), Role.STATE, type.withShape(List.of()));
        builder.update(thresholdOf(input.name()), Constant.scalar(builder, type.dtype(), -1));
      }
    }
    return builder.build();
  }

  /** The name of a weight's scores. */
  public static String scoreOf(String weight) {
    return weight + ".score";
  }

  /** The name of the number that scores of kept weights are above. */
  public static String thresholdOf(String weight) {
    return weight + ".threshold";
  }

  private static Value masked(GraphBuilder builder, String name, Value weight) {
    TensorType type = weight.tensor();
    Value score = builder.input(scoreOf(name), Role.PARAMETER, type);
    Value threshold = builder.input(thresholdOf(name), Role.STATE, type.withShape(List.of()));
    Value above = Greater.of(builder, score, Broadcast.of(builder, threshold, type.shape()));
    Value kept = Cast.of(builder, above, type.dtype());
    return Multiply.of(builder, weight, StraightThrough.of(builder, kept, score));
  }
}

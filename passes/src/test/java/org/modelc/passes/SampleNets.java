package org.modelc.passes;

import java.util.List;
import java.util.Map;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Logsumexp;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Relu;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/** Nets that several tests compile. */
final class SampleNets {
  static final Dim B = Dim.symbol("B");

  private SampleNets() {}

  static Value parameter(GraphBuilder builder, String name, int... shape) {
    return builder.input(name, Role.PARAMETER, TensorType.of(DType.F32, shape));
  }

  static Value dense(GraphBuilder builder, String name, Value x, int units) {
    int inner = x.tensor().dim(-1).intValue();
    Value weight = parameter(builder, name + ".weight", inner, units);
    Value bias = parameter(builder, name + ".bias", units);
    return Add.of(builder, Matmul.of(builder, x, weight), bias);
  }

  /** Cross-entropy of logits against rows of probabilities. */
  static Value crossEntropy(GraphBuilder builder, Value logits, Value label) {
    Value picked = Sum.of(builder, Multiply.of(builder, logits, label), List.of(-1), false);
    return Subtract.of(builder, Logsumexp.of(builder, logits, List.of(-1), false), picked);
  }

  /** A classifier with ReLU layers of the given widths, the inputs' first. */
  static Graph mlp(int... widths) {
    GraphBuilder builder = new GraphBuilder("loss");
    Value x = builder.input("x", Role.INPUT, TensorType.of(DType.F32, B, Dim.constant(widths[0])));
    int classes = widths[widths.length - 1];
    Value label =
        builder.input("label", Role.INPUT, TensorType.of(DType.F32, B, Dim.constant(classes)));
    for (int i = 1; i < widths.length; i++) {
      x = dense(builder, "dense_" + i, x, widths[i]);
      x = i + 1 < widths.length ? Relu.of(builder, x) : x;
    }
    builder.output("loss", crossEntropy(builder, x, label));
    return builder.build();
  }

  static MinimizeSpec minimize(String optimizer, Map<String, Double> options) {
    return new MinimizeSpec(
        "loss",
        List.of(),
        new OptimizerSpec(optimizer, options),
        new ScheduleSpec("constant", 0.1, Map.of()),
        List.of(),
        null);
  }

  static Graph step(Graph loss, MinimizeSpec spec) {
    return TrainingStep.build(
        "train", List.of(new TrainingStep.Minimize(loss, spec)), false, new Diagnostics());
  }
}

package org.modelc.benchmarks;

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
import org.modelc.passes.TrainingStep;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/** What the benchmarks compile. */
final class BenchmarkGraphs {
  private static final Dim BATCH = Dim.symbol("B");

  private BenchmarkGraphs() {}

  /** {@code y = a @ b}. */
  static Graph product(int rows, int columns, int inner) {
    GraphBuilder builder = new GraphBuilder("product");
    Value a = builder.input("a", Role.INPUT, TensorType.of(DType.F32, rows, inner));
    Value b = builder.input("b", Role.INPUT, TensorType.of(DType.F32, inner, columns));
    builder.output("y", Matmul.of(builder, a, b));
    return builder.build();
  }

  /** Dense layers with ReLU between them; the first width is the input's. */
  static Graph forward(int... widths) {
    GraphBuilder builder = new GraphBuilder("forward");
    builder.output("y", layers(builder, widths));
    return builder.build();
  }

  /** A step of Adam on the cross-entropy of dense layers. */
  static Graph step(int... widths) {
    GraphBuilder builder = new GraphBuilder("loss");
    Value logits = layers(builder, widths);
    Dim classes = Dim.constant(widths[widths.length - 1]);
    Value label = builder.input("label", Role.INPUT, TensorType.of(DType.F32, BATCH, classes));
    Value picked = Sum.of(builder, Multiply.of(builder, logits, label), List.of(-1), false);
    Value total = Logsumexp.of(builder, logits, List.of(-1), false);
    builder.output("loss", Subtract.of(builder, total, picked));
    ScheduleSpec schedule = new ScheduleSpec("constant", 1e-6, Map.of());
    OptimizerSpec adam = new OptimizerSpec("adam", Map.of());
    MinimizeSpec minimize = new MinimizeSpec("loss", List.of(), adam, schedule, List.of(), null);
    return TrainingStep.build(
        "train",
        List.of(new TrainingStep.Minimize(builder.build(), minimize)),
        false,
        new Diagnostics());
  }

  private static Value layers(GraphBuilder builder, int[] widths) {
    Value x =
        builder.input("x", Role.INPUT, TensorType.of(DType.F32, BATCH, Dim.constant(widths[0])));
    for (int i = 1; i < widths.length; i++) {
      TensorType weightType = TensorType.of(DType.F32, widths[i - 1], widths[i]);
      Value weight = builder.input("weight_" + i, Role.PARAMETER, weightType);
      Value bias = builder.input("bias_" + i, Role.PARAMETER, TensorType.of(DType.F32, widths[i]));
      x = Add.of(builder, Matmul.of(builder, x, weight), bias);
      x = i + 1 < widths.length ? Relu.of(builder, x) : x;
    }
    return x;
  }

  /** Floating operations of the products of one call. */
  static double operations(boolean training, int batch, int... widths) {
    double sum = 0;
    for (int i = 1; i < widths.length; i++) {
      int passes = !training ? 1 : i == 1 ? 2 : 3;
      sum += 2.0 * passes * batch * widths[i - 1] * widths[i];
    }
    return sum;
  }
}

package org.modelc.passes;

import java.util.List;
import java.util.Map;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.ops.Logsumexp;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.MaxPool;
import org.modelc.ir.ops.Mean;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Relu;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Rsqrt;
import org.modelc.ir.ops.StopGradient;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.ops.Sum;
import org.modelc.ir.ops.Variance;
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

  /** Convolution of [B, channels, height, width] with zeros around, bias added. */
  static Value convolution(GraphBuilder builder, String name, Value x, int channels, int window) {
    Value kernel =
        parameter(
            builder, name + ".weight", channels, x.tensor().dim(1).intValue(), window, window);
    Value bias = parameter(builder, name + ".bias", channels);
    Dim around = Dim.constant(window / 2);
    Value sum =
        Convolution.of(
            builder,
            x,
            kernel,
            new Convolution.Attributes(
                List.of(1), List.of(around), List.of(around), List.of(1), List.of(1), 1));
    List<Dim> wide = List.of(Dim.constant(channels), Dim.ONE, Dim.ONE);
    return Add.of(builder, sum, Reshape.of(builder, bias, wide));
  }

  static Value maxPool(GraphBuilder builder, Value x) {
    return MaxPool.of(
        builder, x, new MaxPool.Attributes(List.of(2), List.of(), List.of(0), List.of(0)));
  }

  /** Per channel: {@code (x − mean) × scale / √(variance + ε) + shift}. */
  static Value batchNorm(GraphBuilder builder, String name, Value x, boolean training) {
    int channels = x.tensor().dim(1).intValue();
    List<Dim> wide = List.of(Dim.constant(channels), Dim.ONE, Dim.ONE);
    Value scale = parameter(builder, name + ".scale", channels);
    Value shift = parameter(builder, name + ".shift", channels);
    TensorType type = TensorType.of(DType.F32, channels);
    Value mean = builder.input(name + ".running_mean", Role.STATE, type);
    Value variance = builder.input(name + ".running_variance", Role.STATE, type);
    if (training) {
      Value now = Mean.of(builder, x, List.of(0, 2, 3), false);
      Value spread = Variance.of(builder, x, List.of(0, 2, 3), false);
      builder.update(name + ".running_mean", average(builder, mean, now));
      builder.update(name + ".running_variance", average(builder, variance, spread));
      mean = now;
      variance = spread;
    }
    Value epsilon = Constant.like(builder, variance, 1e-5);
    Value factor =
        Multiply.of(builder, scale, Rsqrt.of(builder, Add.of(builder, variance, epsilon)));
    Value centred = Subtract.of(builder, x, Reshape.of(builder, mean, wide));
    Value scaled = Multiply.of(builder, centred, Reshape.of(builder, factor, wide));
    return Add.of(builder, scaled, Reshape.of(builder, shift, wide));
  }

  private static Value average(GraphBuilder builder, Value old, Value now) {
    Value kept = Multiply.of(builder, old, Constant.like(builder, old, 0.9));
    Value stopped = StopGradient.of(builder, now);
    return Add.of(builder, kept, Multiply.of(builder, stopped, Constant.like(builder, old, 0.1)));
  }

  /**
   * Two convolutions with batch norms and pools, one dense layer; {@code loss} or {@code logits}.
   */
  static Graph cnn(int size, int channels, int classes, boolean training) {
    GraphBuilder builder = new GraphBuilder(training ? "loss" : "predict");
    Dim side = Dim.constant(size);
    Value x = builder.input("x", Role.INPUT, TensorType.of(DType.F32, B, Dim.ONE, side, side));
    Value label =
        builder.input("label", Role.INPUT, TensorType.of(DType.F32, B, Dim.constant(classes)));
    for (int i = 1; i <= 2; i++) {
      x = convolution(builder, "conv_" + i, x, channels * i, 3);
      x = batchNorm(builder, "norm_" + i, x, training);
      x = maxPool(builder, Relu.of(builder, x));
    }
    Dim flat = Dim.product(x.tensor().shape().subList(1, 4));
    Value logits = dense(builder, "dense", Reshape.of(builder, x, List.of(B, flat)), classes);
    if (training) {
      builder.output("loss", crossEntropy(builder, logits, label));
    } else {
      builder.output("logits", logits);
    }
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

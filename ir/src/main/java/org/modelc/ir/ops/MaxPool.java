package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;

/** The largest element of each window; NaN if there is one in it. Padding is −∞. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class MaxPool extends PoolOp {
  private static final MaxPool OP = new MaxPool();

  public MaxPool() {
    super("max_pool", Combiner.MAXIMUM, Double.NEGATIVE_INFINITY);
  }

  /** The largest element of each window. */
  public static Value of(GraphBuilder builder, Value x, Attributes attributes) {
    return builder.add(OP, attributes, List.of(x)).get(0);
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    return List.of(
        MaxPoolGradient.of(call.builder(), call.operand(0), call.cotangent(), call.attributes()));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "halves a plane",
            new Attributes(List.of(2), List.of(), List.of(0), List.of(0)),
            List.of(
                Array.f32(
                    new int[] {1, 1, 4, 4}, 1, 5, 2, 0, 3, 4, 8, 1, -1, -2, 7, 9, -4, -3, 6, 5)),
            List.of(Array.f32(new int[] {1, 1, 2, 2}, 5, 8, -1, 9)),
            "by hand"),
        Sample.of(
            "overlapping and padded",
            new Attributes(List.of(3), List.of(2), List.of(1), List.of(1)),
            List.of(SampleValues.spread(1, 1, 2, 5, 7)),
            List.of(
                Array.f32(
                    new int[] {1, 2, 3, 4},
                    0.5625,
                    1.09375,
                    1.40625,
                    1.40625,
                    0.96875,
                    1.5,
                    1.28125,
                    1.1875,
                    0.96875,
                    1.28125,
                    1.28125,
                    0.4375,
                    1.375,
                    1.15625,
                    1.46875,
                    0.84375,
                    1.5625,
                    1.5625,
                    1.46875,
                    1.25,
                    1.5625,
                    1.5625,
                    0.71875,
                    1.03125)),
            "torch 1.13 max_pool2d"),
        Sample.of(
            "row, the rest of the strides left out",
            new Attributes(List.of(2), List.of(3), List.of(0), List.of(0)),
            List.of(SampleValues.spread(2, 2, 1, 7))),
        Sample.of(
            "volume",
            new Attributes(List.of(2, 1, 2), List.of(1, 2, 2), List.of(1, 0, 0), List.of(0)),
            List.of(SampleValues.spread(2, 1, 2, 2, 3, 4))));
  }

  @Override
  public String doc() {
    return "the largest element of each window over [batch, channels, spatial…]";
  }
}

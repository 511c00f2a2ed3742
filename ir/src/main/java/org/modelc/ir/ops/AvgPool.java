package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** The mean of each window. Padding counts as zeros only if asked for. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class AvgPool extends CompositeOp<AvgPool.Attributes> {
  private static final AvgPool OP = new AvgPool();

  /** How the window moves. Each list has an element for each spatial axis, or one for all. */
  public record Attributes(
      @Attribute(doc = "sizes of the window") List<Integer> window,
      @Attribute(value = "[]", doc = "steps of the window; none: its sizes") List<Integer> strides,
      @Attribute(value = "[0]", doc = "padding before the first element") List<Integer> padding_low,
      @Attribute(value = "[0]", doc = "padding after the last element") List<Integer> padding_high,
      @Attribute(value = "false", doc = "padding counts as zeros") boolean count_padding) {
    public Attributes {
      window = List.copyOf(window);
      strides = List.copyOf(strides);
      padding_low = List.copyOf(padding_low);
      padding_high = List.copyOf(padding_high);
    }

    private PoolOp.Attributes pool() {
      return new PoolOp.Attributes(window, strides, padding_low, padding_high);
    }
  }

  public AvgPool() {
    super("avg_pool", Attributes.class, "x");
  }

  /** The mean of each window. */
  public static Value of(GraphBuilder builder, Value x, Attributes attributes) {
    return builder.add(OP, attributes, List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    return List.of(PoolOp.pooledType(name(), call.attributes().pool(), call.tensor(0)));
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value sum = SumPool.of(builder, x, attributes.pool());
    return List.of(Divide.of(builder, sum, count(builder, x, attributes)));
  }

  /** The elements of each window: a number, or a plane of numbers where windows reach out. */
  private Value count(GraphBuilder builder, Value x, Attributes attributes) {
    PoolOp.Attributes pool = attributes.pool();
    PoolWindows windows = PoolOp.windows(name(), pool, x.tensor().rank());
    if (attributes.count_padding() || !windows.isPadded()) {
      return Constant.like(builder, x, windows.size());
    }
    List<Dim> plane = new ArrayList<>(x.tensor().shape());
    plane.set(0, Dim.ONE);
    plane.set(1, Dim.ONE);
    Value ones = Constant.full(builder, x.tensor().dtype(), plane, 1);
    return SumPool.of(builder, ones, pool);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "padding left out",
            new Attributes(List.of(3), List.of(2), List.of(1), List.of(1), false),
            List.of(SampleValues.spread(1, 1, 2, 5, 4)),
            List.of(
                Array.f32(
                    new int[] {1, 2, 3, 2},
                    0.09375,
                    0.25,
                    0.19270833333333334,
                    0.1736111111111111,
                    0.5546875,
                    -0.078125,
                    0.3359375,
                    -0.296875,
                    0.171875,
                    -0.19791666666666666,
                    0.0078125,
                    -0.09895833333333333)),
            "torch 1.13 avg_pool2d"),
        Sample.of(
            "padding counted",
            new Attributes(List.of(3), List.of(2), List.of(1), List.of(1), true),
            List.of(SampleValues.spread(1, 1, 2, 5, 4)),
            List.of(
                Array.f32(
                    new int[] {1, 2, 3, 2},
                    0.041666666666666664,
                    0.16666666666666666,
                    0.1284722222222222,
                    0.1736111111111111,
                    0.2465277777777778,
                    -0.052083333333333336,
                    0.14930555555555555,
                    -0.19791666666666666,
                    0.11458333333333333,
                    -0.19791666666666666,
                    0.003472222222222222,
                    -0.06597222222222222)),
            "torch 1.13 avg_pool2d"));
  }

  @Override
  public String doc() {
    return "the mean of each window over [batch, channels, spatial…]";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;

/** The sum of each window; padding is 0. Closed under differentiation. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class SumPool extends PoolOp {
  private static final SumPool OP = new SumPool();

  public SumPool() {
    super("sum_pool", Combiner.SUM, 0);
  }

  /** The sum of each window. */
  public static Value of(GraphBuilder builder, Value x, Attributes attributes) {
    return builder.add(OP, attributes, List.of(x)).get(0);
  }

  /**
   * The cotangent, its elements as far apart as the strides, summed by windows of the same size.
   */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    TensorType x = call.operand(0).tensor();
    PoolWindows windows = windows(name(), call.attributes(), x.rank());
    List<Dim> low = new ArrayList<>(List.of(Dim.ZERO, Dim.ZERO));
    List<Dim> high = new ArrayList<>(low);
    List<Integer> between = new ArrayList<>(List.of(0, 0));
    for (int i = 0; i < x.rank() - 2; i++) {
      int stride = windows.strides().get(i);
      Dim reach = call.cotangent().tensor().dim(i + 2).plus(-1).times(stride).plus(1);
      low.add(Dim.constant(windows.window().get(i) - 1 - windows.low().get(i)));
      high.add(x.dim(i + 2).plus(windows.low().get(i)).minus(reach));
      between.add(stride - 1);
    }
    Value spaced = Pad.of(call.builder(), call.cotangent(), low, high, between, 0);
    Attributes ones =
        new Attributes(call.attributes().window(), List.of(1), List.of(0), List.of(0));
    return List.of(of(call.builder(), spaced, ones));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "halves a plane",
            new Attributes(List.of(2), List.of(), List.of(0), List.of(0)),
            List.of(Array.f32(new int[] {1, 1, 2, 4}, 1, 5, 2, 0, 3, 4, 8, 1)),
            List.of(Array.f32(new int[] {1, 1, 1, 2}, 13, 11)),
            "by hand"),
        Sample.of(
            "overlapping and padded",
            new Attributes(List.of(3, 2), List.of(2, 1), List.of(1, 0), List.of(0, 1)),
            List.of(SampleValues.spread(1, 2, 1, 5, 4))),
        Sample.of(
            "row, the rest of the strides left out",
            new Attributes(List.of(2), List.of(3), List.of(0), List.of(0)),
            List.of(SampleValues.spread(2, 1, 2, 7))));
  }

  @Override
  public String doc() {
    return "the sum of each window over [batch, channels, spatial…]";
  }
}

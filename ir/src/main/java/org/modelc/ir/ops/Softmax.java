package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;

/** exp(x) / Σ exp(x) along an axis, without overflow: the largest element is taken out first. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Softmax extends CompositeOp<Softmax.Attributes> {
  private static final Softmax OP = new Softmax();

  /** The axis. */
  public record Attributes(
      @Attribute(value = "-1", doc = "the axis along which the result sums to 1") int axis) {}

  public Softmax() {
    super("softmax", Attributes.class, "x");
  }

  /** exp(x) / Σ exp(x) along an axis. */
  public static Value of(GraphBuilder builder, Value x, int axis) {
    return builder.add(OP, new Attributes(axis), List.of(x)).get(0);
  }

  /** What softmax and its logarithm need: a floating operand that has the axis. */
  static TensorType check(String name, Call<Attributes> call) {
    TensorType type = call.tensor(0);
    Domain.FLOATING.check(name, type.dtype());
    Operands.axis(name, call.attributes().axis(), type.rank());
    return type;
  }

  /** The elements less the largest along the axis, which is no part of the gradient. */
  static Value shifted(GraphBuilder builder, Value x, List<Integer> axes) {
    Value largest = StopGradient.of(builder, Max.of(builder, x, axes, true));
    return Subtract.of(builder, x, Unreduce.of(builder, largest, x, axes));
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    return List.of(check(name(), call));
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    List<Integer> axes = List.of(attributes.axis());
    Value exponential = Exp.of(builder, shifted(builder, x, axes));
    Value sum = Sum.of(builder, exponential, axes, true);
    return List.of(Divide.of(builder, exponential, Unreduce.of(builder, sum, x, axes)));
  }

  /** y (dy − Σ y dy). */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    GraphBuilder builder = call.builder();
    Value y = call.result();
    List<Integer> axes = List.of(call.attributes().axis());
    Value weighted = Sum.of(builder, Multiply.of(builder, y, call.cotangent()), axes, true);
    Value mean = Unreduce.of(builder, weighted, y, axes);
    return List.of(Multiply.of(builder, y, Subtract.of(builder, call.cotangent(), mean)));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "last axis",
            new Attributes(-1),
            List.of(SampleValues.spread(1, 2, 5)),
            List.of(
                Array.f32(
                    new int[] {2, 5},
                    0.05002932822342477,
                    0.1589928762782272,
                    0.5052783158377018,
                    0.06838198398721403,
                    0.21731749567343223,
                    0.5529082603568227,
                    0.0748279960192534,
                    0.23780287954508963,
                    0.0321831200577168,
                    0.10227774402111733)),
            "torch 1.13 softmax"),
        Sample.of(
            "first axis",
            new Attributes(0),
            List.of(SampleValues.spread(2, 3, 2)),
            List.of(
                Array.f32(
                    new int[] {3, 2},
                    0.06475239498498939,
                    0.6191658936758726,
                    0.6539760225913617,
                    0.26629993253710743,
                    0.2812715824236489,
                    0.11453417378702002)),
            "torch 1.13 softmax"),
        Sample.of(
                "large",
                new Attributes(-1),
                List.of(Array.f32(new int[] {2, 2}, 1000, 1000, -1000, 1000)),
                List.of(Array.f32(new int[] {2, 2}, 0.5, 0.5, 0, 1)),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "exp(x) / Σ exp(x) along an axis: positive numbers that sum to 1";
  }
}

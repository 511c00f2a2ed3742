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
import org.modelc.ir.type.ValueType;

/** x above 0, slope · x below (Maas et al. 2013); the derivative at 0 is the slope. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class LeakyRelu extends CompositeOp<LeakyRelu.Attributes> {
  private static final LeakyRelu OP = new LeakyRelu();

  /** The slope below 0. */
  public record Attributes(@Attribute(value = "0.01", doc = "slope below 0") double slope) {}

  public LeakyRelu() {
    super("leaky_relu", Attributes.class, "x");
  }

  public static Value of(GraphBuilder builder, Value x, double slope) {
    return builder.add(OP, new Attributes(slope), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Domain.FLOATING.check(name(), call.tensor(0).dtype());
    return call.operands();
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value positive = Greater.of(builder, x, Constant.like(builder, x, 0));
    Value scaled = Multiply.of(builder, x, Constant.like(builder, x, attributes.slope()));
    return List.of(Select.of(builder, positive, x, scaled));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            new Attributes(0.25),
            List.of(Array.f32(new int[] {8}, -3, -1.5, -0.625, -0.125, 0.25, 0.75, 1.25, 2.5)),
            List.of(
                Array.f32(new int[] {8}, -0.75, -0.375, -0.15625, -0.03125, 0.25, 0.75, 1.25, 2.5)),
            "torch 1.13.0a0"),
        Sample.of(
                "limits",
                new Attributes(0.25),
                List.of(
                    Array.f32(
                        new int[] {4},
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(
                    Array.f32(
                        new int[] {4},
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                "torch 1.13.0a0")
            .kink());
  }

  @Override
  public String doc() {
    return "x above 0, slope * x below";
  }
}

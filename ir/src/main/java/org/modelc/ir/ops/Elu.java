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

/** x above 0, alpha · (exp(x) − 1) below (Clevert et al. 2015). */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Elu extends CompositeOp<Elu.Attributes> {
  private static final Elu OP = new Elu();

  /** The limit below 0, negated. */
  public record Attributes(@Attribute(value = "1", doc = "limit below 0, negated") double alpha) {}

  public Elu() {
    super("elu", Attributes.class, "x");
  }

  public static Value of(GraphBuilder builder, Value x, double alpha) {
    return builder.add(OP, new Attributes(alpha), List.of(x)).get(0);
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
    Value zero = Constant.like(builder, x, 0);
    Value positive = Greater.of(builder, x, zero);
    // without the inner select, exp overflows above 0 and its masked derivative is 0 * infinity
    Value low = Expm1.of(builder, Select.of(builder, positive, zero, x));
    Value scaled = Multiply.of(builder, low, Constant.like(builder, x, attributes.alpha()));
    return List.of(Select.of(builder, positive, x, scaled));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            new Attributes(1.5),
            List.of(Array.f32(new int[] {9}, -3, -1.5, -0.625, -0.125, 0.25, 0.75, 1.25, 2.5, 100)),
            List.of(
                Array.f32(
                    new int[] {9},
                    -1.4253193974482041,
                    -1.1653047597773554,
                    -0.6971078572215146,
                    -0.17625464612310682,
                    0.25,
                    0.75,
                    1.25,
                    2.5,
                    100)),
            "torch 1.13.0a0"),
        Sample.of(
                "limits",
                new Attributes(1.5),
                List.of(
                    Array.f32(
                        new int[] {4},
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(Array.f32(new int[] {4}, 0, Double.POSITIVE_INFINITY, -1.5, Double.NaN)),
                "torch 1.13.0a0")
            .kink());
  }

  @Override
  public String doc() {
    return "x above 0, alpha * (exp(x) - 1) below";
  }
}

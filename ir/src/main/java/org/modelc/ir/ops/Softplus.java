package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.ValueType;

/** log(1 + exp(x)) as max(x, 0) + log1p(exp(−|x|)), which neither overflows nor loses digits. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Softplus extends CompositeOp<NoAttributes> {
  private static final Softplus OP = new Softplus();

  public Softplus() {
    super("softplus", NoAttributes.class, "x");
  }

  public static Value of(GraphBuilder builder, Value x) {
    return builder.add(OP, NoAttributes.NONE, List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<NoAttributes> call) {
    Operands.checkCount(this, call.operands());
    Domain.FLOATING.check(name(), call.tensor(0).dtype());
    return call.operands();
  }

  @Override
  public List<Value> expand(GraphBuilder builder, NoAttributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value decay = Exp.of(builder, Negate.of(builder, Abs.of(builder, x)));
    return List.of(Add.of(builder, Relu.of(builder, x), Log1p.of(builder, decay)));
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    Value slope = Sigmoid.of(call.builder(), call.operand(0));
    return List.of(Multiply.of(call.builder(), call.cotangent(), slope));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(Array.f32(new int[] {8}, -3, -1.5, -0.625, -0.125, 0.25, 0.75, 1.25, 2.5)),
            List.of(
                Array.f32(
                    new int[] {8},
                    0.04858735157374206,
                    0.2014132779827524,
                    0.42870067827651864,
                    0.6325990353171691,
                    0.8259394198788436,
                    1.1368710061148999,
                    1.501929081345373,
                    2.5788897342925496)),
            "torch 1.13.0a0"),
        Sample.of(
                "limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {6},
                        0,
                        100,
                        -100,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(
                    Array.f32(
                        new int[] {6},
                        0.6931471805599453,
                        100,
                        0,
                        Double.POSITIVE_INFINITY,
                        0,
                        Double.NaN)),
                "torch 1.13.0a0")
            .kink());
  }

  @Override
  public String doc() {
    return "log(1 + exp(x))";
  }
}

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
import org.modelc.ir.type.ValueType;

/** x · sigmoid(x), also called swish (Elfwing et al. 2017). */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Silu extends CompositeOp<NoAttributes> {
  private static final Silu OP = new Silu();

  public Silu() {
    super("silu", NoAttributes.class, "x");
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
    return List.of(Multiply.of(builder, x, Sigmoid.of(builder, x)));
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
                    -0.14227761953270035,
                    -0.2736382857095345,
                    -0.21790320958371612,
                    -0.05859882832828047,
                    0.14054412522144952,
                    0.5093840243815447,
                    0.9716248264683639,
                    2.3103545499468914)),
            "torch 1.13.0a0"),
        Sample.of(
                "limits",
                NoAttributes.NONE,
                List.of(Array.f32(new int[] {3}, 0, Double.POSITIVE_INFINITY, Double.NaN)),
                List.of(Array.f32(new int[] {3}, 0, Double.POSITIVE_INFINITY, Double.NaN)),
                "torch 1.13.0a0")
            .kink());
  }

  @Override
  public String doc() {
    return "x * sigmoid(x)";
  }
}

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

/** log(sigmoid(x)) as −softplus(−x), without overflow. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class LogSigmoid extends CompositeOp<NoAttributes> {
  private static final LogSigmoid OP = new LogSigmoid();

  public LogSigmoid() {
    super("log_sigmoid", NoAttributes.class, "x");
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
    Value rest = Softplus.of(builder, Negate.of(builder, x));
    return List.of(Negate.of(builder, rest));
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
                    -3.048587351573742,
                    -1.7014132779827524,
                    -1.0537006782765186,
                    -0.7575990353171691,
                    -0.5759394198788436,
                    -0.38687100611489994,
                    -0.2519290813453729,
                    -0.07888973429254963)),
            "torch 1.13.0a0"),
        Sample.of(
                "limits",
                NoAttributes.NONE,
                List.of(Array.f32(new int[] {4}, 0, 100, -100, Double.NaN)),
                List.of(
                    Array.f32(
                        new int[] {4},
                        -0.6931471805599453,
                        -3.720075976020836e-44,
                        -100,
                        Double.NaN)),
                "torch 1.13.0a0")
            .kink());
  }

  @Override
  public String doc() {
    return "log(sigmoid(x)), without overflow";
  }
}

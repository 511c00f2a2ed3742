package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.UnaryOp;
import org.modelc.ir.op.VjpCall;

/** e to the power of the number. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Exp extends UnaryOp {
  private static final Exp OP = new Exp();

  public Exp() {
    super("exp", ScalarOp.EXP, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    return List.of(Multiply.of(builder, call.cotangent(), call.result()));
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
                    0.04978706836786394,
                    0.22313016014842982,
                    0.5352614285189902,
                    0.8824969025845953,
                    1.2840254166877414,
                    2.1170000166126743,
                    3.4903429574618414,
                    12.182493960703473)),
            "numpy 1.24.2"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {4},
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(Array.f32(new int[] {4}, 1, Double.POSITIVE_INFINITY, 0, Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "e to the power of the number";
  }
}

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

/** exp(x) − 1, exact near 0. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Expm1 extends UnaryOp {
  private static final Expm1 OP = new Expm1();

  public Expm1() {
    super("expm1", ScalarOp.EXPM1, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value one = Constant.like(builder, call.result(), 1);
    return List.of(Multiply.of(builder, call.cotangent(), Add.of(builder, call.result(), one)));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(Array.f32(new int[] {6}, -3, -0.25, 9.5367431640625e-07, 0.5, 1, 3)),
            List.of(
                Array.f32(
                    new int[] {6},
                    -0.950212931632136,
                    -0.22119921692859512,
                    9.536747711537455e-07,
                    0.6487212707001282,
                    1.7182818284590453,
                    19.085536923187668)),
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
                List.of(Array.f32(new int[] {4}, 0, Double.POSITIVE_INFINITY, -1, Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "exp(x) - 1, exact near 0";
  }
}

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

/** The logistic function 1 / (1 + exp(−x)). */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Sigmoid extends UnaryOp {
  private static final Sigmoid OP = new Sigmoid();

  public Sigmoid() {
    super("sigmoid", ScalarOp.SIGMOID, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value y = call.result();
    Value rest = Subtract.of(builder, Constant.like(builder, y, 1), y);
    return List.of(Multiply.of(builder, call.cotangent(), Multiply.of(builder, y, rest)));
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
                    0.04742587317756678,
                    0.18242552380635635,
                    0.34864513533394575,
                    0.46879062662624377,
                    0.5621765008857981,
                    0.679178699175393,
                    0.7772998611746911,
                    0.9241418199787566)),
            "scipy 1.10.1"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {5},
                        0,
                        -80,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(Array.f32(new int[] {5}, 0.5, 1.8048513878454153e-35, 1, 0, Double.NaN)),
                "scipy 1.10.1")
            .kink());
  }

  @Override
  public String doc() {
    return "the logistic function 1 / (1 + exp(-x))";
  }
}

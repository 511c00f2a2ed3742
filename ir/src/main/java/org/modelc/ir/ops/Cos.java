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

/** The cosine of an angle in radians. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Cos extends UnaryOp {
  private static final Cos OP = new Cos();

  public Cos() {
    super("cos", ScalarOp.COS, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    return List.of(
        Negate.of(
            builder, Multiply.of(builder, call.cotangent(), Sin.of(builder, call.operand(0)))));
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
                    -0.9899924966004454,
                    0.0707372016677029,
                    0.810963119505218,
                    0.9921976672293288,
                    0.968912421710645,
                    0.731688868873821,
                    0.31532236239526873,
                    -0.8011436155469338)),
            "numpy 1.24.2"));
  }

  @Override
  public String doc() {
    return "the cosine of an angle in radians";
  }
}

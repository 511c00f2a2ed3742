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

/** The error function. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Erf extends UnaryOp {
  private static final Erf OP = new Erf();

  public Erf() {
    super("erf", ScalarOp.ERF, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value x = call.operand(0);
    Value bell = Exp.of(builder, Negate.of(builder, Multiply.of(builder, x, x)));
    Value slope = Multiply.of(builder, bell, Constant.like(builder, x, 2 / Math.sqrt(Math.PI)));
    return List.of(Multiply.of(builder, call.cotangent(), slope));
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
                    -0.9999779095030014,
                    -0.9661051464753108,
                    -0.623240882188418,
                    -0.14031620480133383,
                    0.2763263901682369,
                    0.7111556336535151,
                    0.9229001282564582,
                    0.999593047982555)),
            "scipy 1.10.1"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {5},
                        0,
                        5.5,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(Array.f32(new int[] {5}, 0, 0.9999999999999927, 1, -1, Double.NaN)),
                "scipy 1.10.1")
            .kink());
  }

  @Override
  public String doc() {
    return "the error function";
  }
}

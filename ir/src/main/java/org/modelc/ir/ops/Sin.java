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

/** The sine of an angle in radians. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Sin extends UnaryOp {
  private static final Sin OP = new Sin();

  public Sin() {
    super("sin", ScalarOp.SIN, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    return List.of(Multiply.of(builder, call.cotangent(), Cos.of(builder, call.operand(0))));
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
                    -0.1411200080598672,
                    -0.9974949866040544,
                    -0.5850972729404621,
                    -0.12467473338522769,
                    0.24740395925452296,
                    0.6816387600233341,
                    0.9489846193555863,
                    0.5984721441039564)),
            "numpy 1.24.2"));
  }

  @Override
  public String doc() {
    return "the sine of an angle in radians";
  }
}

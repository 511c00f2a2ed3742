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

/** The square root; NaN below 0. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Sqrt extends UnaryOp {
  private static final Sqrt OP = new Sqrt();

  public Sqrt() {
    super("sqrt", ScalarOp.SQUARE_ROOT, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value half = Multiply.of(builder, call.cotangent(), Constant.like(builder, call.result(), 0.5));
    return List.of(Divide.of(builder, half, call.result()));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(Array.f32(new int[] {8}, 0.125, 0.25, 0.75, 1, 1.5, 2.5, 7, 13)),
            List.of(
                Array.f32(
                    new int[] {8},
                    0.3535533905932738,
                    0.5,
                    0.8660254037844386,
                    1,
                    1.224744871391589,
                    1.5811388300841898,
                    2.6457513110645907,
                    3.605551275463989)),
            "numpy 1.24.2"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(Array.f32(new int[] {4}, 0, -1, Double.POSITIVE_INFINITY, Double.NaN)),
                List.of(
                    Array.f32(new int[] {4}, 0, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the square root";
  }
}

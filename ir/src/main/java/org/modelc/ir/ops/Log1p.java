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

/** log(1 + x), exact near 0. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Log1p extends UnaryOp {
  private static final Log1p OP = new Log1p();

  public Log1p() {
    super("log1p", ScalarOp.LOG1P, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value one = Constant.like(builder, call.operand(0), 1);
    return List.of(Divide.of(builder, call.cotangent(), Add.of(builder, call.operand(0), one)));
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            NoAttributes.NONE,
            List.of(Array.f32(new int[] {6}, -0.75, -0.25, 9.5367431640625e-07, 0.5, 1, 7)),
            List.of(
                Array.f32(
                    new int[] {6},
                    -1.3862943611198906,
                    -0.2876820724517809,
                    9.536738616591883e-07,
                    0.4054651081081644,
                    0.6931471805599453,
                    2.0794415416798357)),
            "numpy 1.24.2"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(Array.f32(new int[] {5}, 0, -1, -2, Double.POSITIVE_INFINITY, Double.NaN)),
                List.of(
                    Array.f32(
                        new int[] {5},
                        0,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "log(1 + x), exact near 0";
  }
}

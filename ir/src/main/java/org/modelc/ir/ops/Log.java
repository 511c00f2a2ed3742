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

/** The natural logarithm; −∞ at 0, NaN below. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Log extends UnaryOp {
  private static final Log OP = new Log();

  public Log() {
    super("log", ScalarOp.LOG, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    return List.of(Divide.of(builder, call.cotangent(), call.operand(0)));
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
                    -2.0794415416798357,
                    -1.3862943611198906,
                    -0.2876820724517809,
                    0,
                    0.4054651081081644,
                    0.916290731874155,
                    1.9459101490553132,
                    2.5649493574615367)),
            "numpy 1.24.2"),
        Sample.of(
                "kinks and limits",
                NoAttributes.NONE,
                List.of(Array.f32(new int[] {4}, 0, -1, Double.POSITIVE_INFINITY, Double.NaN)),
                List.of(
                    Array.f32(
                        new int[] {4},
                        Double.NEGATIVE_INFINITY,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the natural logarithm";
  }
}

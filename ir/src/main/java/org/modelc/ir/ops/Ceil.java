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

/** The least integer not below the number. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Ceil extends UnaryOp {
  private static final Ceil OP = new Ceil();

  public Ceil() {
    super("ceil", ScalarOp.CEILING, Domain.FLOATING);
  }

  public static Value of(GraphBuilder builder, Value x) {
    return OP.build(builder, NoAttributes.NONE, x);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    return List.of(
        Sample.of(
                "values",
                NoAttributes.NONE,
                List.of(
                    Array.f32(
                        new int[] {13},
                        -3,
                        -1.5,
                        -0.625,
                        -0.125,
                        0.25,
                        0.75,
                        1.25,
                        2.5,
                        -2,
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(
                    Array.f32(
                        new int[] {13},
                        -3,
                        -1,
                        -0.0,
                        -0.0,
                        1,
                        1,
                        2,
                        3,
                        -2,
                        0,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "the least integer not below the number";
  }
}

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

/** Whether the number is neither infinite nor NaN. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class IsFinite extends UnaryOp {
  private static final IsFinite OP = new IsFinite();

  public IsFinite() {
    super("is_finite", ScalarOp.IS_FINITE, Domain.FLOATING);
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
                        new int[] {6},
                        0,
                        1.5,
                        -3e+38,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)),
                List.of(Array.bool(new int[] {6}, 1, 1, 1, 0, 0, 0)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "whether the number is neither infinite nor NaN";
  }
}

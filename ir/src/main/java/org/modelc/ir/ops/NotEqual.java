package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.BinaryOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;

/** Whether the numbers differ; NaN differs from everything. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class NotEqual extends BinaryOp {
  private static final NotEqual OP = new NotEqual();

  public NotEqual() {
    super("not_equal", ScalarOp.NOT_EQUAL, Domain.ANY);
  }

  /** Broadcasts the operands and makes the node. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return OP.build(builder, NoAttributes.NONE, left, right);
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
                        new int[] {7},
                        1,
                        2,
                        3,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        0,
                        Double.NEGATIVE_INFINITY),
                    Array.f32(
                        new int[] {7},
                        2,
                        2,
                        1,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        -0.0,
                        Double.POSITIVE_INFINITY)),
                List.of(Array.bool(new int[] {7}, 1, 0, 1, 1, 0, 0, 1)),
                "numpy 1.24.2")
            .kink(),
        Sample.of(
                "integers",
                NoAttributes.NONE,
                List.of(
                    Array.i32(new int[] {6}, 7, -7, 7, -7, 0, 5),
                    Array.i32(new int[] {6}, 2, 2, -3, -3, 4, 5)),
                List.of(Array.bool(new int[] {6}, 1, 1, 1, 1, 1, 0)),
                "numpy 1.24.2")
            .kink());
  }

  @Override
  public String doc() {
    return "whether the numbers differ; NaN differs from everything";
  }
}

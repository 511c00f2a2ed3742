package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/** The smallest element along axes; NaN if there is one among them. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Min extends ReductionOp {
  private static final Min OP = new Min();

  public Min() {
    super("min", Combiner.MINIMUM, Domain.NUMERIC);
  }

  /** The smallest element along axes. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return axes.isEmpty() ? x : builder.add(OP, new Axes(axes, keep), List.of(x)).get(0);
  }

  @Override
  protected double initial(DType dtype) {
    return switch (dtype) {
      case F32, F64, F16, BF16 -> Double.POSITIVE_INFINITY;
      case I8 -> Byte.MAX_VALUE;
      case I32 -> Integer.MAX_VALUE;
      case I64 -> Long.MAX_VALUE;
      case BOOL -> throw new IllegalArgumentException("min is not defined on bool");
    };
  }

  @Override
  protected double join(DType dtype, double left, double right) {
    return ScalarFunctions.apply(ScalarOp.MINIMUM, dtype, left, right);
  }

  /**
   * Goes to the smallest element; equal ones share it, as in {@code jax} and {@code torch.amin}.
   */
  @Override
  public List<Value> vjp(VjpCall<Axes> call) {
    return List.of(Extremum.share(call));
  }

  @Override
  public List<Sample<Axes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, 6.5, 5, -4);
    return List.of(
        Sample.of(
            "last axis",
            new Axes(List.of(-1), false),
            List.of(x),
            List.of(Array.f32(new int[] {2}, 1, -4)),
            "by hand"),
        Sample.of(
            "keep",
            new Axes(List.of(0), true),
            List.of(x),
            List.of(Array.f32(new int[] {1, 3}, 1, 2, -4)),
            "by hand"),
        Sample.of(
            "nothing",
            new Axes(List.of(1), false),
            List.of(Array.zeros(DType.F32, 1, 0)),
            List.of(Array.f32(new int[] {1}, Double.POSITIVE_INFINITY)),
            "by hand"),
        Sample.of(
                "NaN",
                new Axes(List.of(0), false),
                List.of(Array.f32(new int[] {3}, 1, Double.NaN, 2)),
                List.of(Array.f32(new int[] {}, Double.NaN)),
                "numpy 1.24.2 min")
            .kink());
  }

  @Override
  public String doc() {
    return "the smallest element along axes; NaN if there is one";
  }
}

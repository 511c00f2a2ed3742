package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
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
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** The sum along axes. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Sum extends ReductionOp {
  private static final Sum OP = new Sum();

  public Sum() {
    super("sum", Combiner.SUM, Domain.NUMERIC);
  }

  /** The sum along axes; the value itself if there are none. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return axes.isEmpty() ? x : builder.add(OP, new Axes(axes, keep), List.of(x)).get(0);
  }

  /** The sum of all elements, a scalar. */
  public static Value all(GraphBuilder builder, Value x) {
    return of(builder, x, IntStream.range(0, x.tensor().rank()).boxed().toList(), false);
  }

  @Override
  protected double initial(DType dtype) {
    return 0;
  }

  @Override
  protected double join(DType dtype, double left, double right) {
    return ScalarFunctions.apply(ScalarOp.ADD, dtype, left, right);
  }

  @Override
  public List<Value> vjp(VjpCall<Axes> call) {
    TensorType type = call.operand(0).tensor();
    Set<Integer> reduced = reduced(call.attributes(), type.rank());
    List<Dim> kept = new ArrayList<>();
    for (int axis = 0; axis < type.rank(); axis++) {
      kept.add(reduced.contains(axis) ? Dim.ONE : type.dim(axis));
    }
    Value unreduced = Reshape.of(call.builder(), call.cotangent(), kept);
    return List.of(Broadcast.of(call.builder(), unreduced, type.shape()));
  }

  @Override
  public List<Sample<Axes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, -4, 5, 6.5);
    return List.of(
        Sample.of(
            "last axis",
            new Axes(List.of(-1), false),
            List.of(x),
            List.of(Array.f32(new int[] {2}, 6, 7.5)),
            "by hand"),
        Sample.of(
            "keep",
            new Axes(List.of(0), true),
            List.of(x),
            List.of(Array.f32(new int[] {1, 3}, -3, 7, 9.5)),
            "by hand"),
        Sample.of(
            "all",
            new Axes(List.of(0, 1), false),
            List.of(x),
            List.of(Array.f32(new int[] {}, 13.5)),
            "by hand"),
        Sample.of(
            "nothing to sum",
            new Axes(List.of(1), false),
            List.of(Array.zeros(DType.F32, 2, 0)),
            List.of(Array.zeros(DType.F32, 2)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "the sum along axes";
  }
}

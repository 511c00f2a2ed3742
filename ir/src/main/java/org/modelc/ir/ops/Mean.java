package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** The mean along axes; NaN of nothing. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Mean extends CompositeOp<ReductionOp.Axes> {
  private static final Mean OP = new Mean();

  public Mean() {
    super("mean", ReductionOp.Axes.class, "x");
  }

  /** The mean along axes. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return builder.add(OP, new ReductionOp.Axes(axes, keep), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<ReductionOp.Axes> call) {
    Operands.checkCount(this, call.operands());
    Domain.FLOATING.check(name(), call.tensor(0).dtype());
    return List.of(ReductionOp.reducedType(name(), call.attributes(), call.tensor(0)));
  }

  /** The number of elements joined into one. */
  static Value count(GraphBuilder builder, TensorType type, List<Integer> axes) {
    Dim count = Dim.product(axes.stream().map(type::dim).toList());
    return DimValue.of(builder, count, type.dtype());
  }

  @Override
  public List<Value> expand(
      GraphBuilder builder, ReductionOp.Axes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value sum = Sum.of(builder, x, attributes.axes(), attributes.keep());
    return List.of(Divide.of(builder, sum, count(builder, x.tensor(), attributes.axes())));
  }

  @Override
  public List<Value> vjp(VjpCall<ReductionOp.Axes> call) {
    List<Integer> axes = call.attributes().axes();
    Value count = count(call.builder(), call.operand(0).tensor(), axes);
    Value share = Divide.of(call.builder(), call.cotangent(), count);
    return List.of(Unreduce.of(call.builder(), share, call.operand(0), axes));
  }

  @Override
  public List<Sample<ReductionOp.Axes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, -4, 5, 6.5);
    return List.of(
        Sample.of(
            "last axis",
            new ReductionOp.Axes(List.of(-1), false),
            List.of(x),
            List.of(Array.f32(new int[] {2}, 2, 2.5)),
            "by hand"),
        Sample.of(
            "keep",
            new ReductionOp.Axes(List.of(0, 1), true),
            List.of(x),
            List.of(Array.f32(new int[] {1, 1}, 2.25)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "the mean along axes";
  }
}

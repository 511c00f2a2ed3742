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
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;

/** log Σ exp(x) along axes, without overflow: the largest element is taken out first. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Logsumexp extends CompositeOp<ReductionOp.Axes> {
  private static final Logsumexp OP = new Logsumexp();

  public Logsumexp() {
    super("logsumexp", ReductionOp.Axes.class, "x");
  }

  /** log Σ exp(x) along axes. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return builder.add(OP, new ReductionOp.Axes(axes, keep), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<ReductionOp.Axes> call) {
    Operands.checkCount(this, call.operands());
    Domain.FLOATING.check(name(), call.tensor(0).dtype());
    return List.of(ReductionOp.reducedType(name(), call.attributes(), call.tensor(0)));
  }

  /** An infinite largest element is not taken out: ∞ − ∞ would be NaN. */
  @Override
  public List<Value> expand(
      GraphBuilder builder, ReductionOp.Axes attributes, List<Value> operands) {
    Value x = operands.get(0);
    List<Integer> axes = attributes.axes();
    Value largest = Max.of(builder, x, axes, true);
    Value zero = Constant.like(builder, x, 0);
    Value taken = Select.of(builder, IsFinite.of(builder, largest), largest, zero);
    Value shifted = Subtract.of(builder, x, Unreduce.of(builder, taken, x, axes));
    Value sum = Sum.of(builder, Exp.of(builder, shifted), axes, true);
    Value result = Add.of(builder, Log.of(builder, sum), taken);
    ReductionOp.Axes shape = new ReductionOp.Axes(axes, attributes.keep());
    TensorType type = ReductionOp.reducedType(name(), shape, x.tensor());
    return List.of(Reshape.of(builder, result, type.shape()));
  }

  /** softmax(x), as exp(x − logsumexp(x)). */
  @Override
  public List<Value> vjp(VjpCall<ReductionOp.Axes> call) {
    GraphBuilder builder = call.builder();
    Value x = call.operand(0);
    List<Integer> axes = call.attributes().axes();
    Value result = Unreduce.of(builder, call.result(), x, axes);
    Value share = Exp.of(builder, Subtract.of(builder, x, result));
    Value cotangent = Unreduce.of(builder, call.cotangent(), x, axes);
    return List.of(Multiply.of(builder, cotangent, share));
  }

  @Override
  public List<Sample<ReductionOp.Axes>> samples() {
    Array large = Array.f32(new int[] {2, 2}, 1000, 1000, -1000, -1000);
    double infinity = Double.POSITIVE_INFINITY;
    return List.of(
        Sample.of(
            "last axis",
            new ReductionOp.Axes(List.of(-1), false),
            List.of(SampleValues.spread(1, 2, 5)),
            List.of(Array.f32(new int[] {2}, 1.7763958810471923, 1.9988131856941038)),
            "scipy 1.10.1 special.logsumexp"),
        Sample.of(
            "large",
            new ReductionOp.Axes(List.of(1), true),
            List.of(large),
            List.of(Array.f32(new int[] {2, 1}, 1000 + Math.log(2), -1000 + Math.log(2))),
            "by hand"),
        Sample.of(
                "infinite",
                new ReductionOp.Axes(List.of(1), false),
                List.of(Array.f32(new int[] {2, 2}, infinity, 1, -infinity, -infinity)),
                List.of(Array.f32(new int[] {2}, infinity, -infinity)),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "log Σ exp(x) along axes, without overflow";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.ReductionOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** The mean square distance from the mean along axes. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Variance extends CompositeOp<Variance.Attributes> {
  private static final Variance OP = new Variance();

  /** What is joined, and over how many degrees of freedom. */
  public record Attributes(
      @Attribute(doc = "the axes joined; negative ones count from the end") List<Integer> axes,
      @Attribute(value = "false", doc = "keep joined axes with size 1") boolean keep,
      @Attribute(value = "0", doc = "taken off the count: 1 estimates from a sample")
          int correction) {
    public Attributes {
      axes = List.copyOf(axes);
    }
  }

  public Variance() {
    super("variance", Attributes.class, "x");
  }

  /** The population variance along axes. */
  public static Value of(GraphBuilder builder, Value x, List<Integer> axes, boolean keep) {
    return builder.add(OP, new Attributes(axes, keep, 0), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Domain.FLOATING.check(name(), call.tensor(0).dtype());
    ReductionOp.Axes axes =
        new ReductionOp.Axes(call.attributes().axes(), call.attributes().keep());
    return List.of(ReductionOp.reducedType(name(), axes, call.tensor(0)));
  }

  private static Value centred(GraphBuilder builder, Value x, List<Integer> axes) {
    Value mean = Mean.of(builder, x, axes, true);
    return Subtract.of(builder, x, Unreduce.of(builder, mean, x, axes));
  }

  private static Value count(GraphBuilder builder, Value x, Attributes attributes) {
    List<Dim> dims = attributes.axes().stream().map(x.tensor()::dim).toList();
    Dim count = Dim.product(dims).plus(-attributes.correction());
    return DimValue.of(builder, count, x.tensor().dtype());
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value centred = centred(builder, x, attributes.axes());
    Value squares = Multiply.of(builder, centred, centred);
    Value sum = Sum.of(builder, squares, attributes.axes(), attributes.keep());
    return List.of(Divide.of(builder, sum, count(builder, x, attributes)));
  }

  /** 2 (x − mean) / count; the mean's own part vanishes. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    GraphBuilder builder = call.builder();
    Value x = call.operand(0);
    List<Integer> axes = call.attributes().axes();
    Value twice = Multiply.of(builder, call.cotangent(), Constant.like(builder, x, 2));
    Value share = Divide.of(builder, twice, count(builder, x, call.attributes()));
    Value spread = Unreduce.of(builder, share, x, axes);
    return List.of(Multiply.of(builder, spread, centred(builder, x, axes)));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 4}, 1, 2, 3, 6, 0, 0, 4, 4);
    return List.of(
        Sample.of(
            "population",
            new Attributes(List.of(-1), false, 0),
            List.of(x),
            List.of(Array.f32(new int[] {2}, 3.5, 4)),
            "by hand"),
        Sample.of(
            "sample",
            new Attributes(List.of(-1), true, 1),
            List.of(x),
            List.of(Array.f32(new int[] {2, 1}, 14 / 3.0, 16 / 3.0)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "the mean square distance from the mean along axes";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** Repeats elements: leading dims are added and dims of 1 stretched. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Broadcast extends PrimitiveOp<Broadcast.Attributes> {
  private static final Broadcast OP = new Broadcast();

  /** The shape to fill. */
  public record Attributes(@Attribute(doc = "the result's shape") List<Dim> shape) {
    public Attributes {
      shape = List.copyOf(shape);
    }
  }

  public Broadcast() {
    super("broadcast", Attributes.class, "x");
  }

  /** The value broadcast to a shape; the value itself if it has it. */
  public static Value of(GraphBuilder builder, Value x, List<Dim> shape) {
    return x.tensor().shape().equals(shape)
        ? x
        : builder.add(OP, new Attributes(shape), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    List<Dim> shape = call.attributes().shape();
    int added = shape.size() - type.rank();
    boolean fits = added >= 0;
    for (int axis = 0; fits && axis < type.rank(); axis++) {
      Dim dim = type.dim(axis);
      fits = dim.is(1) || dim.equals(shape.get(added + axis));
    }
    if (!fits) {
      throw new OpException(
          "broadcast cannot make " + shape + " of " + type,
          "leading dims are added and dims of 1 are stretched, counted from the last");
    }
    return List.of(type.withShape(shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    Array result = Array.zeros(x.dtype(), call.shape());
    int added = result.rank() - x.rank();
    for (int i = 0; i < result.size(); i++) {
      int[] index = Array.index(result.shape(), i);
      int[] from =
          IntStream.range(0, x.rank())
              .map(axis -> x.shape()[axis] == 1 ? 0 : index[added + axis])
              .toArray();
      result.data()[i] = x.at(from);
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    List<Dim> shape = lowering.operand(0).shape();
    List<Axis> axes = lowering.axes(lowering.result().shape());
    int added = axes.size() - shape.size();
    List<Expr> from = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      from.add(shape.get(axis).is(1) ? Expr.integer(0) : axes.get(added + axis).variable());
    }
    Expr value = new Expr.Load(lowering.operand(0), from);
    lowering.elementwise(axes, lowering.result(), Lowering.index(axes), value);
  }

  /** Sums over the axes that were added or stretched. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    List<Dim> shape = call.operand(0).tensor().shape();
    List<Dim> filled = call.attributes().shape();
    int added = filled.size() - shape.size();
    List<Integer> repeated =
        IntStream.range(0, filled.size())
            .filter(axis -> axis < added || !shape.get(axis - added).equals(filled.get(axis)))
            .boxed()
            .toList();
    Value sum = Sum.of(call.builder(), call.cotangent(), repeated, false);
    return List.of(Reshape.of(call.builder(), sum, shape));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    List<Dim> shape = List.of(Dim.constant(2), Dim.constant(2), Dim.constant(3));
    return List.of(
        Sample.of(
            "leading dim and a stretched one",
            new Attributes(shape),
            List.of(Array.f32(new int[] {2, 1}, 1, 2)),
            List.of(Array.f32(new int[] {2, 2, 3}, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2)),
            "by hand"),
        Sample.of(
            "scalar",
            new Attributes(List.of(Dim.constant(3))),
            List.of(Array.f32(new int[] {}, 7)),
            List.of(Array.f32(new int[] {3}, 7, 7, 7)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "repeats elements: leading dims are added and dims of 1 stretched";
  }
}

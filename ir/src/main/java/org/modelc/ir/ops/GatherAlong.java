package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.DimArithmetic;
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

/**
 * Takes an element of each row by index along an axis, as {@code numpy.take_along_axis}. An index
 * out of range gives NaN (0 for integers).
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class GatherAlong extends PrimitiveOp<GatherAlong.Attributes> {
  private static final GatherAlong OP = new GatherAlong();

  /** The axis. */
  public record Attributes(
      @Attribute(value = "-1", doc = "the axis of x that indices count along") int axis) {}

  public GatherAlong() {
    super("gather_along", Attributes.class, "x", "index");
  }

  /** Elements by index along an axis; the indices have x's other dims. */
  public static Value of(GraphBuilder builder, Value x, Value index, int axis) {
    return builder.add(OP, new Attributes(axis), List.of(x, index)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType x = call.tensor(0);
    TensorType index = call.tensor(1);
    GatherIndex.check(name(), index);
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    boolean fits = x.rank() == index.rank();
    if (!fits || !DimArithmetic.with(x.shape(), axis, index.dim(axis)).equals(index.shape())) {
      throw new OpException(
          "gather_along needs indices with the dims of "
              + x
              + " but for axis "
              + axis
              + ", got "
              + index,
          fits ? "" : "give the indices that axis with expand_dims");
    }
    return List.of(x.withShape(index.shape()));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    Array index = call.operand(1);
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Array result = Array.zeros(x.dtype(), call.shape());
    for (int i = 0; i < result.size(); i++) {
      int[] place = Array.index(result.shape(), i);
      double taken = index.data()[i];
      boolean inside = taken >= 0 && taken < x.shape()[axis];
      place[axis] = (int) taken;
      result.data()[i] = inside ? x.at(place) : GatherIndex.filler(x.dtype());
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer x = lowering.operand(0);
    int axis = Operands.axis(name(), lowering.attributes().axis(), x.rank());
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> point = Lowering.index(axes);
    Expr taken = GatherIndex.place(lowering.operand(1), point);
    List<Expr> place = new ArrayList<>(point);
    place.set(axis, taken);
    Expr load = new Expr.Load(x, place);
    Expr filler = Expr.constant(load.dtype(), GatherIndex.filler(x.dtype()));
    Expr value = Expr.select(GatherIndex.inside(taken, x.shape().get(axis)), load, filler);
    lowering.elementwise(axes, lowering.result(), point, value);
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    TensorType x = call.operand(0).tensor();
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Value index = call.operand(1);
    return Arrays.asList(
        ScatterAddAlong.of(call.builder(), call.cotangent(), index, x.dim(axis), axis), null);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    return List.of(
        Sample.of(
            "one of each row",
            new Attributes(-1),
            List.of(x, Array.i32(new int[] {2, 1}, 2, 0)),
            List.of(Array.f32(new int[] {2, 1}, 3, 4)),
            "by hand"),
        Sample.of(
            "two of each column",
            new Attributes(0),
            List.of(x, Array.i32(new int[] {2, 3}, 1, 0, 1, 1, 1, 0)),
            List.of(Array.f32(new int[] {2, 3}, 4, 2, 6, 4, 5, 3)),
            "by hand"),
        Sample.of(
                "out of range",
                new Attributes(-1),
                List.of(x, Array.i32(new int[] {2, 1}, -1, 3)),
                List.of(Array.f32(new int[] {2, 1}, Double.NaN, Double.NaN)),
                "jax.numpy.take_along_axis with mode=\"fill\"")
            .kink());
  }

  @Override
  public String doc() {
    return "an element of each row by index along an axis; an index out of range gives NaN";
  }
}

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
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/**
 * Takes slices of a tensor by index along an axis, as {@code numpy.take}: the axis is replaced by
 * the indices' axes. An index out of range gives NaN (0 for integers).
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Gather extends PrimitiveOp<Gather.Attributes> {
  private static final Gather OP = new Gather();

  /** The axis. */
  public record Attributes(
      @Attribute(value = "0", doc = "the axis of x that indices count along") int axis) {}

  public Gather() {
    super("gather", Attributes.class, "x", "index");
  }

  /** Slices of a tensor by index along an axis. */
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
    List<Dim> shape = new ArrayList<>(x.shape().subList(0, axis));
    shape.addAll(index.shape());
    shape.addAll(x.shape().subList(axis + 1, x.rank()));
    return List.of(x.withShape(shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    Array index = call.operand(1);
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Array result = Array.zeros(x.dtype(), call.shape());
    for (int i = 0; i < result.size(); i++) {
      int[] point = Array.index(result.shape(), i);
      double taken = index.at(Arrays.copyOfRange(point, axis, axis + index.rank()));
      boolean inside = taken >= 0 && taken < x.shape()[axis];
      int[] place = new int[x.rank()];
      for (int a = 0; a < place.length; a++) {
        place[a] = a < axis ? point[a] : a == axis ? (int) taken : point[a + index.rank() - 1];
      }
      result.data()[i] = inside ? x.at(place) : GatherIndex.filler(x.dtype());
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer x = lowering.operand(0);
    Buffer index = lowering.operand(1);
    int axis = Operands.axis(name(), lowering.attributes().axis(), x.rank());
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> point = Lowering.index(axes);
    Expr taken = GatherIndex.place(index, point.subList(axis, axis + index.rank()));
    List<Expr> place = new ArrayList<>(point.subList(0, axis));
    place.add(taken);
    place.addAll(point.subList(axis + index.rank(), point.size()));
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
    Value added = ScatterAdd.of(call.builder(), call.cotangent(), index, x.dim(axis), axis);
    return Arrays.asList(added, null);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array table = Array.f32(new int[] {3, 2}, 1, 2, 3, 4, 5, 6);
    return List.of(
        Sample.of(
            "rows of a table",
            new Attributes(0),
            List.of(table, Array.i32(new int[] {2, 2}, 2, 0, 0, 1)),
            List.of(Array.f32(new int[] {2, 2, 2}, 5, 6, 1, 2, 1, 2, 3, 4)),
            "by hand"),
        Sample.of(
            "scalar index of the last axis",
            new Attributes(-1),
            List.of(table, Array.i32(new int[] {}, 1)),
            List.of(Array.f32(new int[] {3}, 2, 4, 6)),
            "by hand"),
        Sample.of(
            "out of range",
            new Attributes(0),
            List.of(Array.i32(new int[] {2}, 7, 8), Array.i32(new int[] {4}, 1, -1, 2, 0)),
            List.of(Array.i32(new int[] {4}, 8, 0, 0, 7)),
            "by hand"),
        Sample.of(
                "out of range, floating",
                new Attributes(0),
                List.of(Array.f32(new int[] {2}, 7, 8), Array.i32(new int[] {2}, 2, 1)),
                List.of(Array.f32(new int[] {2}, Double.NaN, 8)),
                "jax.numpy.take with mode=\"fill\"")
            .kink(),
        Sample.of(
            "odd sizes",
            new Attributes(1),
            List.of(SampleValues.spread(1, 2, 7, 3), SampleValues.indices(2, 7, 5))));
  }

  @Override
  public String doc() {
    return "slices by index along an axis; an index out of range gives NaN";
  }
}

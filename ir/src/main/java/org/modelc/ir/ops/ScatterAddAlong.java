package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.DimArithmetic;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Adds elements into zeros by index along an axis, each into its own row: the gradient of {@link
 * GatherAlong}. What has an index out of range is left out.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class ScatterAddAlong extends PrimitiveOp<ScatterAddAlong.Attributes> {
  private static final ScatterAddAlong OP = new ScatterAddAlong();

  /** So few elements a row are compared with every place, which vectorises and fuses. */
  private static final int FEW = 4;

  /** The axis and its size. */
  public record Attributes(
      @Attribute(doc = "the size of the axis in the result") Dim size,
      @Attribute(value = "-1", doc = "the axis of the result that indices count along") int axis) {}

  public ScatterAddAlong() {
    super("scatter_add_along", Attributes.class, "updates", "index");
  }

  /** Elements added into zeros by index along an axis of this size. */
  public static Value of(GraphBuilder builder, Value updates, Value index, Dim size, int axis) {
    return builder.add(OP, new Attributes(size, axis), List.of(updates, index)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType updates = call.tensor(0);
    Domain.NUMERIC.check(name(), updates.dtype());
    GatherIndex.check(name(), call.tensor(1));
    if (!updates.shape().equals(call.tensor(1).shape())) {
      throw new OpException(
          "scatter_add_along needs an index for each update, got "
              + updates
              + " and "
              + call.tensor(1));
    }
    int axis = Operands.axis(name(), call.attributes().axis(), updates.rank());
    Dim size = call.attributes().size();
    return List.of(updates.withShape(DimArithmetic.with(updates.shape(), axis, size)));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array updates = call.operand(0);
    Array result = Array.zeros(updates.dtype(), call.shape());
    int axis = Operands.axis(name(), call.attributes().axis(), result.rank());
    for (int i = 0; i < updates.size(); i++) {
      int[] place = Array.index(updates.shape(), i);
      double taken = call.operand(1).data()[i];
      place[axis] = (int) taken;
      if (taken >= 0 && taken < result.shape()[axis]) {
        double update = updates.data()[i];
        double sum = result.at(place);
        result.set(ScalarFunctions.apply(ScalarOp.ADD, result.dtype(), sum, update), place);
      }
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer updates = lowering.operand(0);
    int axis = Operands.axis(name(), lowering.attributes().axis(), updates.rank());
    Dim count = updates.shape().get(axis);
    if (count.is(1)) {
      compareOne(lowering, axis);
    } else if (count.isStatic() && count.value() <= FEW) {
      compare(lowering, axis);
    } else {
      scatter(lowering, axis);
    }
  }

  /** {@code index[row, 0] == place ? update[row, 0] : 0}, without a reduction. */
  private static void compareOne(Lowering<Attributes> lowering, int axis) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> point = Lowering.index(axes);
    Expr value = matched(lowering, axis, Expr.integer(0), point);
    Expr stored = ElementwiseOp.stored(lowering.result().dtype(), value);
    lowering.elementwise(axes, lowering.result(), point, stored);
  }

  private static Expr matched(
      Lowering<Attributes> lowering, int axis, Expr along, List<Expr> point) {
    List<Expr> from = new ArrayList<>(point);
    from.set(axis, along);
    Expr taken = GatherIndex.place(lowering.operand(1), from);
    Expr hit = Expr.apply(ScalarOp.EQUAL, taken, point.get(axis));
    Expr load = new Expr.Load(lowering.operand(0), from);
    Expr update = Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
    return Expr.select(hit, update, Expr.constant(update.dtype(), 0));
  }

  private static void compare(Lowering<Attributes> lowering, int axis) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> point = Lowering.index(axes);
    Axis along = lowering.axes(List.of(lowering.operand(0).shape().get(axis))).get(0);
    Expr body = matched(lowering, axis, along.variable(), point);
    Expr zero = Expr.constant(body.dtype(), 0);
    Expr sum = LoopNest.reduced(0, body.dtype());
    Expr stored = ElementwiseOp.stored(lowering.result().dtype(), sum);
    lowering.nest(
        axes,
        List.of(along),
        List.of(new LoopNest.Reduction(Combiner.SUM, zero, body)),
        List.of(new LoopNest.Store(lowering.result(), point, stored)));
  }

  private static void scatter(Lowering<Attributes> lowering, int axis) {
    Buffer result = lowering.result();
    List<Dim> shape = result.shape();
    ColumnBlocks columns =
        new ColumnBlocks(
            lowering, shape.subList(0, axis), shape.subList(axis + 1, shape.size()), 64);
    Axis target = lowering.axes(List.of(shape.get(axis))).get(0);
    Axis along = lowering.axes(List.of(lowering.operand(0).shape().get(axis))).get(0);
    DType compute = ElementwiseOp.computeType(result.dtype());
    Expr zero = ElementwiseOp.stored(result.dtype(), Expr.constant(compute, 0));
    Stmt clear = new Stmt.Store(result, columns.index(List.of(target.variable())), zero);
    lowering.statements(
        columns.blocks(
            Stmt.seq(
                StatementLoops.serial(target, columns.each(clear)),
                StatementLoops.serial(along, columns.each(add(lowering, columns, along, axis))))));
  }

  private static Stmt add(
      Lowering<Attributes> lowering, ColumnBlocks columns, Axis along, int axis) {
    Buffer result = lowering.result();
    List<Expr> from = columns.index(List.of(along.variable()));
    String placeName = "place_" + columns.name();
    Expr place = new Expr.Var(placeName, DType.I32);
    DType compute = ElementwiseOp.computeType(result.dtype());
    List<Expr> target = columns.index(List.of(place));
    Expr sum = Expr.cast(compute, new Expr.Load(result, target));
    Expr update = Expr.cast(compute, new Expr.Load(lowering.operand(0), from));
    Stmt store =
        new Stmt.Store(result, target, ElementwiseOp.stored(result.dtype(), sum.plus(update)));
    Expr inside = GatherIndex.inside(place, result.shape().get(axis));
    return new Stmt.Let(
        placeName, GatherIndex.place(lowering.operand(1), from), new Stmt.If(inside, store, null));
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    GraphBuilder builder = call.builder();
    Value index = call.operand(1);
    DType dtype = index.tensor().dtype();
    Value taken = GatherAlong.of(builder, call.cotangent(), index, call.attributes().axis());
    Value size = DimValue.of(builder, call.attributes().size(), dtype);
    Value notBefore = GreaterEqual.of(builder, index, Constant.scalar(builder, dtype, 0));
    Value known = LogicalAnd.of(builder, notBefore, Less.of(builder, index, size));
    return Arrays.asList(Select.of(builder, known, taken, Constant.like(builder, taken, 0)), null);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "one of each row",
            new Attributes(Dim.constant(3), -1),
            List.of(Array.f32(new int[] {3, 1}, 5, 6, 7), Array.i32(new int[] {3, 1}, 2, 0, -1)),
            List.of(Array.f32(new int[] {3, 3}, 0, 0, 5, 6, 0, 0, 0, 0, 0)),
            "by hand"),
        Sample.of(
            "two of each column",
            new Attributes(Dim.constant(2), 0),
            List.of(
                Array.f32(new int[] {2, 2}, 1, 2, 3, 4), Array.i32(new int[] {2, 2}, 1, 0, 1, 1)),
            List.of(Array.f32(new int[] {2, 2}, 0, 2, 4, 4)),
            "by hand"),
        Sample.of(
            "odd sizes",
            new Attributes(Dim.constant(5), 1),
            List.of(SampleValues.spread(1, 2, 7, 3), SampleValues.indices(2, 6, 2, 7, 3))));
  }

  @Override
  public String doc() {
    return "adds elements into zeros by index along an axis, each into its own row";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
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
 * Adds slices into zeros by index along an axis: the gradient of {@link Gather}. What has an index
 * out of range is left out. Sums are joined in the order of the indices, whatever the number of
 * threads.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class ScatterAdd extends PrimitiveOp<ScatterAdd.Attributes> {
  private static final ScatterAdd OP = new ScatterAdd();

  /** Elements of a column that one task adds: a few cache lines, so that tasks share none. */
  private static final int COLUMN_BLOCK = 64;

  /** The axis and its size. */
  public record Attributes(
      @Attribute(doc = "the size of the axis in the result") Dim size,
      @Attribute(value = "0", doc = "the axis of the result that indices count along") int axis) {}

  public ScatterAdd() {
    super("scatter_add", Attributes.class, "updates", "index");
  }

  /** Slices added into zeros by index along an axis of this size. */
  public static Value of(GraphBuilder builder, Value updates, Value index, Dim size, int axis) {
    return builder.add(OP, new Attributes(size, axis), List.of(updates, index)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType updates = call.tensor(0);
    TensorType index = call.tensor(1);
    Domain.NUMERIC.check(name(), updates.dtype());
    GatherIndex.check(name(), index);
    int rank = updates.rank() - index.rank() + 1;
    int axis = Operands.axis(name(), call.attributes().axis(), Math.max(rank, 0));
    int end = axis + index.rank();
    if (!updates.shape().subList(axis, end).equals(index.shape())) {
      throw new OpException(
          "scatter_add's indices " + index + " do not fit updates " + updates + " at axis " + axis,
          "the updates' axes from " + axis + " on must be those of the indices");
    }
    List<Dim> shape = new ArrayList<>(updates.shape().subList(0, axis));
    shape.add(call.attributes().size());
    shape.addAll(updates.shape().subList(end, updates.rank()));
    return List.of(updates.withShape(shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array updates = call.operand(0);
    Array index = call.operand(1);
    Array result = Array.zeros(updates.dtype(), call.shape());
    int axis = Operands.axis(name(), call.attributes().axis(), result.rank());
    for (int i = 0; i < updates.size(); i++) {
      int[] point = Array.index(updates.shape(), i);
      double row = index.at(Arrays.copyOfRange(point, axis, axis + index.rank()));
      if (row >= 0 && row < result.shape()[axis]) {
        int[] place = new int[result.rank()];
        for (int a = 0; a < place.length; a++) {
          place[a] = a < axis ? point[a] : a == axis ? (int) row : point[a + index.rank() - 1];
        }
        double sum = result.at(place);
        double update = updates.data()[i];
        double added = ScalarFunctions.apply(ScalarOp.ADD, result.dtype(), sum, update);
        result.set(added, place);
      }
    }
    return List.of(result);
  }

  /** Parallel over blocks of columns, which are independent; serial over the indices. */
  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer updates = lowering.operand(0);
    Buffer index = lowering.operand(1);
    int axis = Operands.axis(name(), lowering.attributes().axis(), lowering.result().rank());
    int end = axis + index.rank();
    List<Dim> after = updates.shape().subList(end, updates.rank());
    ColumnBlocks columns =
        new ColumnBlocks(lowering, updates.shape().subList(0, axis), after, COLUMN_BLOCK);
    List<Axis> rows = lowering.axes(index.shape());
    Axis target = lowering.axes(List.of(lowering.attributes().size())).get(0);
    Stmt clear = StatementLoops.serial(target, columns.each(clear(lowering, columns, target)));
    Stmt add = add(lowering, columns, rows);
    lowering.statements(columns.blocks(Stmt.seq(clear, add)));
  }

  private static Stmt clear(Lowering<Attributes> lowering, ColumnBlocks columns, Axis target) {
    DType dtype = ElementwiseOp.computeType(lowering.result().dtype());
    Expr zero = ElementwiseOp.stored(lowering.result().dtype(), Expr.constant(dtype, 0));
    return new Stmt.Store(lowering.result(), columns.index(List.of(target.variable())), zero);
  }

  private static Stmt add(Lowering<Attributes> lowering, ColumnBlocks columns, List<Axis> rows) {
    Buffer result = lowering.result();
    List<Expr> rowIndex = Lowering.index(rows);
    String rowName = "row_" + columns.name();
    Expr row = new Expr.Var(rowName, DType.I32);
    DType compute = ElementwiseOp.computeType(result.dtype());
    List<Expr> place = columns.index(List.of(row));
    Expr sum = Expr.cast(compute, new Expr.Load(result, place));
    Expr update = Expr.cast(compute, new Expr.Load(lowering.operand(0), columns.index(rowIndex)));
    Stmt store =
        new Stmt.Store(result, place, ElementwiseOp.stored(result.dtype(), sum.plus(update)));
    Expr inside = GatherIndex.inside(row, lowering.attributes().size());
    Stmt guarded = new Stmt.If(inside, columns.each(store), null);
    Stmt body = new Stmt.Let(rowName, GatherIndex.place(lowering.operand(1), rowIndex), guarded);
    for (int i = rows.size() - 1; i >= 0; i--) {
      body = StatementLoops.serial(rows.get(i), body);
    }
    return body;
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    int rank = call.result().tensor().rank();
    int axis = Operands.axis(name(), call.attributes().axis(), rank);
    Value index = call.operand(1);
    Value taken = Gather.of(call.builder(), call.cotangent(), index, axis);
    Value zero = Constant.like(call.builder(), taken, 0);
    Value known = inRange(call, taken, axis);
    return Arrays.asList(Select.of(call.builder(), known, taken, zero), null);
  }

  /** Whether the index is in range, over the shape of the updates. */
  private static Value inRange(VjpCall<Attributes> call, Value taken, int axis) {
    GraphBuilder builder = call.builder();
    Value index = call.operand(1);
    DType dtype = index.tensor().dtype();
    Value size = DimValue.of(builder, call.attributes().size(), dtype);
    Value notBefore = GreaterEqual.of(builder, index, Constant.scalar(builder, dtype, 0));
    Value known = LogicalAnd.of(builder, notBefore, Less.of(builder, index, size));
    List<Dim> shape = new ArrayList<>(index.tensor().shape());
    int after = taken.tensor().rank() - axis - shape.size();
    shape.addAll(Collections.nCopies(after, Dim.ONE));
    return Broadcast.of(builder, Reshape.of(builder, known, shape), taken.tensor().shape());
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array updates = Array.f32(new int[] {3, 2}, 1, 2, 3, 4, 5, 6);
    return List.of(
        Sample.of(
            "rows, one twice",
            new Attributes(Dim.constant(3), 0),
            List.of(updates, Array.i32(new int[] {3}, 2, 0, 2)),
            List.of(Array.f32(new int[] {3, 2}, 3, 4, 0, 0, 6, 8)),
            "by hand"),
        Sample.of(
            "columns, one out of range",
            new Attributes(Dim.constant(2), 1),
            List.of(updates, Array.i32(new int[] {2}, 1, -1)),
            List.of(Array.f32(new int[] {3, 2}, 0, 1, 0, 3, 0, 5)),
            "by hand"),
        Sample.of(
            "odd sizes",
            new Attributes(Dim.constant(5), 1),
            List.of(SampleValues.spread(1, 2, 3, 3, 67), SampleValues.indices(4, 6, 3, 3))));
  }

  @Override
  public String doc() {
    return "adds slices into zeros by index along an axis; an index out of range adds nothing";
  }
}

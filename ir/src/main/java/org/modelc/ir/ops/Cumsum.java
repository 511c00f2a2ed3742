package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
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
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.ValueType;

/** Running sums along an axis. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Cumsum extends PrimitiveOp<Cumsum.Attributes> {
  private static final Cumsum OP = new Cumsum();

  /** The axis and direction. */
  public record Attributes(
      @Attribute(value = "-1", doc = "the axis summed along") int axis,
      @Attribute(value = "false", doc = "sum from the end") boolean reverse) {}

  public Cumsum() {
    super("cumsum", Attributes.class, "x");
  }

  /** Running sums along an axis, from its start or its end. */
  public static Value of(GraphBuilder builder, Value x, int axis, boolean reverse) {
    return builder.add(OP, new Attributes(axis, reverse), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Domain.NUMERIC.check(name(), call.tensor(0).dtype());
    Operands.axis(name(), call.attributes().axis(), call.tensor(0).rank());
    return List.of(call.tensor(0));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    Array result = Array.zeros(x.dtype(), x.shape());
    int extent = x.shape()[axis];
    for (int i = 0; i < x.size(); i++) {
      int[] place = Array.index(x.shape(), i);
      int from = call.attributes().reverse() ? place[axis] : 0;
      int end = call.attributes().reverse() ? extent : place[axis] + 1;
      double sum = 0;
      for (int k = from; k < end; k++) {
        place[axis] = k;
        sum = ScalarFunctions.apply(ScalarOp.ADD, x.dtype(), sum, x.at(place));
      }
      result.data()[i] = sum;
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer x = lowering.operand(0);
    int axis = Operands.axis(name(), lowering.attributes().axis(), x.rank());
    List<Axis> all = lowering.axes(x.shape());
    Expr count = all.get(axis).variable();
    Expr last = Expr.size(x.shape().get(axis).plus(-1));
    List<Expr> index = new ArrayList<>(Lowering.index(all));
    index.set(axis, lowering.attributes().reverse() ? last.minus(count) : count);
    Expr load = new Expr.Load(x, index);
    Expr element = Expr.cast(ElementwiseOp.computeType(x.dtype()), load);
    String sumName = "sum_" + all.get(axis).name();
    Expr sum = new Expr.Var(sumName, element.dtype());
    Expr stored = ElementwiseOp.stored(x.dtype(), sum);
    Stmt step =
        Stmt.seq(
            new Stmt.Assign(sumName, sum.plus(element)),
            new Stmt.Store(lowering.result(), index, stored));
    Stmt row =
        new Stmt.Mutable(
            sumName, Expr.constant(element.dtype(), 0), StatementLoops.serial(all.get(axis), step));
    List<Axis> rows = new ArrayList<>(all);
    rows.remove(axis);
    lowering.statements(StatementLoops.over(rows, row));
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    Attributes attributes = call.attributes();
    return List.of(of(call.builder(), call.cotangent(), attributes.axis(), !attributes.reverse()));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, -4, 5, 6.5);
    return List.of(
        Sample.of(
            "rows",
            new Attributes(-1, false),
            List.of(x),
            List.of(Array.f32(new int[] {2, 3}, 1, 3, 6, -4, 1, 7.5)),
            "by hand"),
        Sample.of(
            "columns from the end",
            new Attributes(0, true),
            List.of(x),
            List.of(Array.f32(new int[] {2, 3}, -3, 7, 9.5, -4, 5, 6.5)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "running sums along an axis";
  }
}

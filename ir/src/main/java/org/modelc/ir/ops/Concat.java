package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
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
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Joins tensors end to end along an axis. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Concat extends PrimitiveOp<Concat.Attributes> {
  private static final Concat OP = new Concat();

  /** The axis. */
  public record Attributes(@Attribute(value = "-1", doc = "the axis that grows") int axis) {}

  public Concat() {
    super("concat", Attributes.class, "operands*");
  }

  /** The values end to end; a single one is itself. */
  public static Value of(GraphBuilder builder, List<Value> operands, int axis) {
    return operands.size() == 1
        ? operands.get(0)
        : builder.add(OP, new Attributes(axis), operands).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    if (call.operands().isEmpty()) {
      throw new OpException("concat needs at least one operand");
    }
    TensorType first = call.tensor(0);
    int axis = Operands.axis(name(), call.attributes().axis(), first.rank());
    Dim sum = Dim.ZERO;
    for (int i = 0; i < call.operands().size(); i++) {
      check(first, call.tensor(i), axis);
      sum = sum.plus(call.tensor(i).dim(axis));
    }
    return List.of(first.withShape(DimArithmetic.with(first.shape(), axis, sum)));
  }

  private static void check(TensorType first, TensorType other, int axis) {
    boolean fits = other.rank() == first.rank() && other.dtype() == first.dtype();
    if (!fits || !DimArithmetic.with(other.shape(), axis, first.dim(axis)).equals(first.shape())) {
      throw new OpException(
          "concat cannot join " + first + " and " + other + " along axis " + axis,
          "element types and all other dims must be equal");
    }
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array result = Array.zeros(call.results().get(0).dtype(), call.shape());
    int axis = Operands.axis(name(), call.attributes().axis(), result.rank());
    int offset = 0;
    for (Array operand : call.operands()) {
      for (int i = 0; i < operand.size(); i++) {
        int[] index = Array.index(operand.shape(), i);
        index[axis] += offset;
        result.set(operand.data()[i], index);
      }
      offset += operand.shape()[axis];
    }
    return List.of(result);
  }

  /**
   * One nest that selects the operand by the index, not one nest for each operand: so the result
   * has one writer, and fusion may fold the whole into its reader.
   */
  @Override
  public void lower(Lowering<Attributes> lowering) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> index = Lowering.index(axes);
    int axis = Operands.axis(name(), lowering.attributes().axis(), axes.size());
    List<Buffer> operands = lowering.operands();
    Dim offset = lowering.result().shape().get(axis);
    Expr value = null;
    for (int i = operands.size() - 1; i >= 0; i--) {
      Dim end = offset;
      offset = offset.minus(operands.get(i).shape().get(axis));
      Expr load = new Expr.Load(operands.get(i), shifted(index, axis, offset.times(-1)));
      Expr inside = Expr.apply(ScalarOp.LESS, index.get(axis), Expr.size(end));
      value = value == null ? load : Expr.select(inside, load, value);
    }
    lowering.elementwise(axes, lowering.result(), index, value);
  }

  private static List<Expr> shifted(List<Expr> index, int axis, Dim offset) {
    List<Expr> shifted = new ArrayList<>(index);
    shifted.set(axis, DimArithmetic.shift(index.get(axis), offset));
    return shifted;
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    int axis = Operands.axis(name(), call.attributes().axis(), call.result().tensor().rank());
    List<Value> cotangents = new ArrayList<>();
    Dim offset = Dim.ZERO;
    for (Value operand : call.operands()) {
      Dim end = offset.plus(operand.tensor().dim(axis));
      cotangents.add(Slice.ofAxis(call.builder(), call.cotangent(), axis, offset, end));
      offset = end;
    }
    return cotangents;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 2}, 1, 2, 3, 4);
    return List.of(
        Sample.of(
            "columns",
            new Attributes(-1),
            List.of(x, Array.f32(new int[] {2, 1}, 5, 6), Array.zeros(DType.F32, 2, 0)),
            List.of(Array.f32(new int[] {2, 3}, 1, 2, 5, 3, 4, 6)),
            "by hand"),
        Sample.of(
            "rows",
            new Attributes(0),
            List.of(Array.f32(new int[] {1, 2}, 5, 6), x, Array.f32(new int[] {1, 2}, 7, 8)),
            List.of(Array.f32(new int[] {4, 2}, 5, 6, 1, 2, 3, 4, 7, 8)),
            "by hand"),
        Sample.of("single operand", new Attributes(0), List.of(x), List.of(x), "by hand"));
  }

  @Override
  public String doc() {
    return "joins tensors end to end along an axis";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** Joins tensors of one shape along a new axis. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Stack extends CompositeOp<Stack.Attributes> {
  private static final Stack OP = new Stack();

  /** The axis. */
  public record Attributes(
      @Attribute(value = "0", doc = "where the new axis is in the result") int axis) {}

  public Stack() {
    super("stack", Attributes.class, "operands*");
  }

  /** The values along a new axis. */
  public static Value of(GraphBuilder builder, List<Value> operands, int axis) {
    return builder.add(OP, new Attributes(axis), operands).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    if (call.operands().isEmpty()) {
      throw new OpException("stack needs at least one operand");
    }
    TensorType first = call.tensor(0);
    for (int i = 1; i < call.operands().size(); i++) {
      if (!call.tensor(i).equals(first)) {
        throw new OpException(
            "stack needs operands of one type, got " + first + " and " + call.tensor(i));
      }
    }
    List<Dim> shape = new ArrayList<>(first.shape());
    int axis = Operands.axis(name(), call.attributes().axis(), first.rank() + 1);
    shape.add(axis, Dim.constant(call.operands().size()));
    return List.of(first.withShape(shape));
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    int rank = operands.get(0).tensor().rank() + 1;
    int axis = Operands.axis(name(), attributes.axis(), rank);
    List<Value> slices =
        operands.stream().map(operand -> ExpandDims.of(builder, operand, axis)).toList();
    return List.of(Concat.of(builder, slices, axis));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2}, 1, 2);
    Array y = Array.f32(new int[] {2}, 3, 4);
    return List.of(
        Sample.of(
            "rows",
            new Attributes(0),
            List.of(x, y),
            List.of(Array.f32(new int[] {2, 2}, 1, 2, 3, 4)),
            "by hand"),
        Sample.of(
            "columns",
            new Attributes(-1),
            List.of(x, y),
            List.of(Array.f32(new int[] {2, 2}, 1, 3, 2, 4)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "joins tensors of one shape along a new axis";
  }
}

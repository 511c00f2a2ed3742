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

/** Drops an axis of size 1. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Squeeze extends CompositeOp<Squeeze.Attributes> {
  private static final Squeeze OP = new Squeeze();

  /** The axis. */
  public record Attributes(@Attribute(doc = "the axis dropped, of size 1") int axis) {}

  public Squeeze() {
    super("squeeze", Attributes.class, "x");
  }

  /** The value without the axis. */
  public static Value of(GraphBuilder builder, Value x, int axis) {
    return builder.add(OP, new Attributes(axis), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    int axis = Operands.axis(name(), call.attributes().axis(), type.rank());
    if (!type.dim(axis).is(1)) {
      throw new OpException(
          "squeeze drops axes of size 1, but axis "
              + call.attributes().axis()
              + " of "
              + type
              + " has size "
              + type.dim(axis),
          "take an element of it, or reduce over it");
    }
    List<Dim> shape = new ArrayList<>(type.shape());
    shape.remove(axis);
    return List.of(type.withShape(shape));
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    List<Dim> shape = new ArrayList<>(x.tensor().shape());
    shape.remove(Operands.axis(name(), attributes.axis(), shape.size()));
    return List.of(Reshape.of(builder, x, shape));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "last axis",
            new Attributes(-1),
            List.of(Array.f32(new int[] {3, 1}, 1, 2, 3)),
            List.of(Array.f32(new int[] {3}, 1, 2, 3)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "drops an axis of size 1";
  }
}

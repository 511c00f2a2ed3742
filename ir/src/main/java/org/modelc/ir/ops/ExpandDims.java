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
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/** Inserts an axis of size 1. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class ExpandDims extends CompositeOp<ExpandDims.Attributes> {
  private static final ExpandDims OP = new ExpandDims();

  /** The axis. */
  public record Attributes(
      @Attribute(doc = "where the new axis is in the result; -1 is last") int axis) {}

  public ExpandDims() {
    super("expand_dims", Attributes.class, "x");
  }

  /** The value with an axis of size 1 inserted. */
  public static Value of(GraphBuilder builder, Value x, int axis) {
    return builder.add(OP, new Attributes(axis), List.of(x)).get(0);
  }

  private static List<Dim> shape(Attributes attributes, TensorType type) {
    int axis = Operands.axis("expand_dims", attributes.axis(), type.rank() + 1);
    List<Dim> shape = new ArrayList<>(type.shape());
    shape.add(axis, Dim.ONE);
    return shape;
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    return List.of(call.tensor(0).withShape(shape(call.attributes(), call.tensor(0))));
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    return List.of(Reshape.of(builder, x, shape(attributes, x.tensor())));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {3}, 1, 2, 3);
    return List.of(
        Sample.of(
            "last axis",
            new Attributes(-1),
            List.of(x),
            List.of(Array.f32(new int[] {3, 1}, 1, 2, 3)),
            "by hand"),
        Sample.of(
            "first axis",
            new Attributes(0),
            List.of(x),
            List.of(Array.f32(new int[] {1, 3}, 1, 2, 3)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "inserts an axis of size 1";
  }
}

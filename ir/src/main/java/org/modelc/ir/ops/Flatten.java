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

/** Joins an axis and all after it into one. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Flatten extends CompositeOp<Flatten.Attributes> {
  private static final Flatten OP = new Flatten();

  /** Where to begin. */
  public record Attributes(
      @Attribute(value = "1", doc = "the first axis joined; 1 keeps the batch") int from) {}

  public Flatten() {
    super("flatten", Attributes.class, "x");
  }

  /** The value with the axes from {@code from} on joined. */
  public static Value of(GraphBuilder builder, Value x, int from) {
    return builder.add(OP, new Attributes(from), List.of(x)).get(0);
  }

  private static List<Dim> shape(Attributes attributes, TensorType type) {
    int from = Operands.axis("flatten", attributes.from(), type.rank() + 1);
    List<Dim> shape = new ArrayList<>(type.shape().subList(0, from));
    shape.add(Dim.product(type.shape().subList(from, type.rank())));
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
    Array x = Array.f32(new int[] {2, 1, 2}, 1, 2, 3, 4);
    return List.of(
        Sample.of(
            "keeps the batch",
            new Attributes(1),
            List.of(x),
            List.of(Array.f32(new int[] {2, 2}, 1, 2, 3, 4)),
            "by hand"),
        Sample.of(
            "everything",
            new Attributes(0),
            List.of(x),
            List.of(Array.f32(new int[] {4}, 1, 2, 3, 4)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "joins an axis and all after it into one; by default all but the batch";
  }
}

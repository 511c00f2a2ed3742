package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
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
import org.modelc.runtime.spec.Dim;

/** The same elements in the same order under another shape. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Reshape extends PrimitiveOp<Reshape.Attributes> {
  private static final Reshape OP = new Reshape();

  /** The new shape. */
  public record Attributes(@Attribute(doc = "the new shape") List<Dim> shape) {
    public Attributes {
      shape = List.copyOf(shape);
    }
  }

  public Reshape() {
    super("reshape", Attributes.class, "x");
  }

  /** The value under another shape; the value itself if it has it. */
  public static Value of(GraphBuilder builder, Value x, List<Dim> shape) {
    return x.tensor().shape().equals(shape)
        ? x
        : builder.add(OP, new Attributes(shape), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    List<Dim> shape = call.attributes().shape();
    if (!Dim.product(shape).equals(type.size())) {
      throw new OpException(
          "reshape cannot make " + shape + " of " + type,
          "they have " + Dim.product(shape) + " and " + type.size() + " elements");
    }
    return List.of(type.withShape(shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    return List.of(new Array(x.dtype(), call.shape(), x.data().clone()));
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    lowering.alias(lowering.result(), lowering.operand(0));
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    List<Dim> shape = call.operand(0).tensor().shape();
    return List.of(of(call.builder(), call.cotangent(), shape));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    List<Dim> shape = List.of(Dim.constant(3), Dim.ONE, Dim.constant(2));
    return List.of(
        Sample.of(
            "row-major order",
            new Attributes(shape),
            List.of(x),
            List.of(Array.f32(new int[] {3, 1, 2}, 1, 2, 3, 4, 5, 6)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "the same elements in the same order under another shape";
  }
}

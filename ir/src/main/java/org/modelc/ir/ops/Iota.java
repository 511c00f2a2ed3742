package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
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
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Counts along an axis: each element is its own index there. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Iota extends PrimitiveOp<Iota.Attributes> {
  private static final Iota OP = new Iota();

  /** Type and shape. */
  public record Attributes(
      @Attribute(doc = "the result's shape") List<Dim> shape,
      @Attribute(value = "0", doc = "the axis counted along") int axis,
      @Attribute(value = "i32", doc = "the element type, any but bool") DType dtype) {
    public Attributes {
      shape = List.copyOf(shape);
    }
  }

  public Iota() {
    super("iota", Attributes.class);
  }

  /** The index along an axis. */
  public static Value of(GraphBuilder builder, DType dtype, List<Dim> shape, int axis) {
    return builder.add(OP, new Attributes(shape, axis, dtype), List.of()).get(0);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Attributes attributes = call.attributes();
    Domain.NUMERIC.check(name(), attributes.dtype());
    Operands.axis(name(), attributes.axis(), attributes.shape().size());
    return List.of(TensorType.of(attributes.dtype(), attributes.shape()));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array result = Array.zeros(call.attributes().dtype(), call.shape());
    int axis = Operands.axis(name(), call.attributes().axis(), result.rank());
    Arrays.setAll(result.data(), i -> Array.index(result.shape(), i)[axis]);
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    Buffer result = lowering.result();
    List<Axis> axes = lowering.axes(result.shape());
    int axis = Operands.axis(name(), lowering.attributes().axis(), axes.size());
    DType compute = ElementwiseOp.computeType(result.dtype());
    Expr value = Expr.cast(compute, axes.get(axis).variable());
    Expr stored = ElementwiseOp.stored(result.dtype(), value);
    lowering.elementwise(axes, result, Lowering.index(axes), stored);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    List<Dim> shape = List.of(Dim.constant(2), Dim.constant(3));
    return List.of(
        Sample.of(
            "last axis",
            new Attributes(shape, -1, DType.I32),
            List.of(),
            List.of(Array.i32(new int[] {2, 3}, 0, 1, 2, 0, 1, 2)),
            "by hand"),
        Sample.of(
            "first axis, floating",
            new Attributes(shape, 0, DType.F32),
            List.of(),
            List.of(Array.f32(new int[] {2, 3}, 0, 0, 0, 1, 1, 1)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "counts along an axis: 0, 1, 2, …";
  }
}

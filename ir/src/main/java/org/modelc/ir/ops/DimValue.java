package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
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

/** A dim's value as a scalar: for means over dims that are known only at a call. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class DimValue extends PrimitiveOp<DimValue.Attributes> {
  private static final DimValue OP = new DimValue();

  /** The dim. */
  public record Attributes(
      @Attribute(doc = "the dim, a polynomial of named dims") Dim dim,
      @Attribute(value = "i32", doc = "the element type, any but bool") DType dtype) {}

  public DimValue() {
    super("dim_value", Attributes.class);
  }

  /** The dim as a scalar: a constant if it is static. */
  public static Value of(GraphBuilder builder, Dim dim, DType dtype) {
    return dim.isStatic()
        ? Constant.scalar(builder, dtype, (double) dim.value())
        : builder.add(OP, new Attributes(dim, dtype), List.of()).get(0);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Domain.NUMERIC.check(name(), call.attributes().dtype());
    return List.of(TensorType.scalar(call.attributes().dtype()));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array result = Array.zeros(call.attributes().dtype());
    result.data()[0] = call.attributes().dim().value();
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    DType dtype = lowering.attributes().dtype();
    Expr value = Expr.size(lowering.attributes().dim());
    Expr stored = ElementwiseOp.stored(dtype, Expr.cast(ElementwiseOp.computeType(dtype), value));
    lowering.elementwise(List.of(), lowering.result(), List.of(), stored);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "static",
            new Attributes(Dim.constant(7), DType.F32),
            List.of(),
            List.of(Array.f32(new int[] {}, 7)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "a dim's value as a scalar";
  }
}

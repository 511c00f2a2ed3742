package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
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

/**
 * A 1 at each index along a new last axis, 0 elsewhere; an index out of range gives zeros alone.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class OneHot extends PrimitiveOp<OneHot.Attributes> {
  private static final OneHot OP = new OneHot();

  /** Size and type. */
  public record Attributes(
      @Attribute(doc = "the size of the new axis") Dim depth,
      @Attribute(value = "f32", doc = "the element type") DType dtype) {}

  public OneHot() {
    super("one_hot", Attributes.class, "index");
  }

  /** A 1 at each index along a new last axis. */
  public static Value of(GraphBuilder builder, Value index, Dim depth, DType dtype) {
    return builder.add(OP, new Attributes(depth, dtype), List.of(index)).get(0);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    GatherIndex.check(name(), call.tensor(0));
    List<Dim> shape = new ArrayList<>(call.tensor(0).shape());
    shape.add(call.attributes().depth());
    return List.of(TensorType.of(call.attributes().dtype(), shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array index = call.operand(0);
    Array result = Array.zeros(call.attributes().dtype(), call.shape());
    int depth = call.attributes().depth().intValue();
    for (int i = 0; i < index.size(); i++) {
      double hot = index.data()[i];
      if (hot >= 0 && hot < depth) {
        result.data()[i * depth + (int) hot] = 1;
      }
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> index = Lowering.index(axes);
    int last = index.size() - 1;
    Expr load = new Expr.Load(lowering.operand(0), index.subList(0, last));
    Expr hot = Expr.apply(ScalarOp.EQUAL, load, Expr.cast(load.dtype(), index.get(last)));
    DType storage = lowering.result().dtype();
    DType compute = ElementwiseOp.computeType(storage);
    Expr value = Expr.select(hot, Expr.constant(compute, 1), Expr.constant(compute, 0));
    Expr stored = ElementwiseOp.stored(storage, value);
    lowering.elementwise(axes, lowering.result(), index, stored);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "labels, one missing, one out of range",
            new Attributes(Dim.constant(3), DType.F32),
            List.of(Array.i32(new int[] {4}, 2, -1, 0, 3)),
            List.of(Array.f32(new int[] {4, 3}, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0)),
            "by hand"),
        Sample.of(
            "scalar, bool",
            new Attributes(Dim.constant(2), DType.BOOL),
            List.of(Array.i32(new int[] {}, 1)),
            List.of(Array.bool(new int[] {2}, 0, 1)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "a 1 at each index along a new last axis; an index out of range gives zeros alone";
  }
}

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
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Integers of four bits, two to a byte along an axis: the low half of byte i is element 2i, the
 * high half element 2i + 1, each from -8 to 7. The last high half is unused if the size is odd.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class UnpackInt4 extends PrimitiveOp<UnpackInt4.Attributes> {
  private static final UnpackInt4 OP = new UnpackInt4();

  /** How the integers lie. */
  public record Attributes(
      @Attribute(doc = "the axis along which two share a byte") int axis,
      @Attribute(doc = "how many integers the axis has") int size) {}

  public UnpackInt4() {
    super("unpack_int4", Attributes.class, "x");
  }

  /** The integers that bytes hold. */
  public static Value of(GraphBuilder builder, Value x, int axis, int size) {
    return builder.add(OP, new Attributes(axis, size), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType type = call.tensor(0);
    int axis = Operands.axis(name(), call.attributes().axis(), type.rank());
    int size = call.attributes().size();
    if (type.dtype() != DType.I8 || size < 0 || !type.dim(axis).is((size + 1) / 2)) {
      throw new OpException(
          "unpack_int4 takes " + size + " integers along axis " + axis + " out of " + type,
          "two share a byte of i8: the axis has half as many, rounded up");
    }
    List<Dim> shape = new ArrayList<>(type.shape());
    shape.set(axis, Dim.constant(size));
    return List.of(type.withShape(shape));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Array x = call.operand(0);
    Array result = Array.zeros(DType.I8, call.shape());
    int axis = Operands.axis(name(), call.attributes().axis(), x.rank());
    for (int i = 0; i < result.size(); i++) {
      int[] index = Array.index(result.shape(), i);
      boolean high = index[axis] % 2 == 1;
      index[axis] /= 2;
      int whole = (int) x.at(index);
      int half = high ? Math.floorDiv(whole, 16) : Math.floorMod(whole, 16);
      result.data()[i] = half > 7 ? half - 16 : half;
    }
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    int axis = Operands.axis(name(), lowering.attributes().axis(), lowering.result().rank());
    List<Axis> axes = lowering.axes(lowering.result().shape());
    List<Expr> index = Lowering.index(axes);
    Expr place = index.get(axis);
    List<Expr> from = new ArrayList<>(index);
    from.set(axis, Expr.apply(ScalarOp.SHIFT_RIGHT, place, Expr.integer(1)));
    Expr whole = Expr.cast(DType.I32, new Expr.Load(lowering.operand(0), from));
    Expr high = Expr.apply(ScalarOp.AND, place, Expr.integer(1));
    Expr unused = Expr.integer(28).minus(high.times(Expr.integer(4)));
    Expr up = Expr.apply(ScalarOp.SHIFT_LEFT, whole, unused);
    Expr half = Expr.apply(ScalarOp.SHIFT_RIGHT, up, Expr.integer(28));
    lowering.elementwise(axes, lowering.result(), index, Expr.cast(DType.I8, half));
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    double[] bytes = {0x21, -1, 0x7f, -128};
    return List.of(
        Sample.of(
                "along the first axis, an odd size",
                new Attributes(0, 3),
                List.of(new Array(DType.I8, new int[] {2, 2}, bytes)),
                List.of(new Array(DType.I8, new int[] {3, 2}, new double[] {1, -1, 2, -1, -1, 0})),
                "by hand: 0x21 holds 1 and 2, 0xff -1 and -1, 0x7f -1 and 7, 0x80 0 and -8")
            .kink(),
        Sample.of(
                "along the last axis",
                new Attributes(-1, 4),
                List.of(new Array(DType.I8, new int[] {2, 2}, bytes)),
                List.of(
                    new Array(
                        DType.I8, new int[] {2, 4}, new double[] {1, 2, -1, -1, -1, 7, 0, -8})),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "integers of four bits, of which two share a byte";
  }
}

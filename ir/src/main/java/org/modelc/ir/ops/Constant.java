package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Literal;
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

/** A value known when compiling. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Constant extends PrimitiveOp<Constant.Attributes> {
  private static final Constant OP = new Constant();

  /** The value; a single element stands for all, and only it can fill a dynamic shape. */
  public record Attributes(
      @Attribute(doc = "element type") DType dtype,
      @Attribute(doc = "shape") List<Dim> shape,
      @Attribute(doc = "elements in row-major order, or one for all") Literal data) {
    public Attributes {
      shape = List.copyOf(shape);
    }
  }

  public Constant() {
    super("constant", Attributes.class);
  }

  /** A constant with these elements. */
  public static Value of(GraphBuilder builder, DType dtype, List<Dim> shape, double... data) {
    Attributes attributes = new Attributes(dtype, shape, Literal.of(data));
    return builder.add(OP, attributes, List.of()).get(0);
  }

  public static Value scalar(GraphBuilder builder, DType dtype, double value) {
    return of(builder, dtype, List.of(), value);
  }

  /** One number everywhere. */
  public static Value full(GraphBuilder builder, DType dtype, List<Dim> shape, double value) {
    return of(builder, dtype, shape, value);
  }

  /** A scalar of another value's element type, to be broadcast. */
  public static Value like(GraphBuilder builder, Value other, double value) {
    return scalar(builder, other.tensor().dtype(), value);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Attributes attributes = call.attributes();
    Dim size = Dim.product(attributes.shape());
    int given = attributes.data().elements().length;
    if (given != 1 && !size.is(given)) {
      throw new OpException(
          "constant of shape "
              + attributes.shape()
              + " needs "
              + size
              + " elements or one, got "
              + given);
    }
    for (double element : attributes.data().elements()) {
      if (!fits(attributes.dtype(), element)) {
        throw new OpException("constant " + element + " is no " + attributes.dtype());
      }
    }
    return List.of(TensorType.of(attributes.dtype(), attributes.shape()));
  }

  /** Whether a type has a number; floating ones round. */
  public static boolean fits(DType dtype, double element) {
    return switch (dtype) {
      case F32, F64, F16, BF16 -> true;
      case I8 -> element == (byte) element;
      case I32 -> element == (int) element;
      case I64 -> element == Math.rint(element);
      case BOOL -> element == 0 || element == 1;
    };
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    double[] given = call.attributes().data().elements();
    Array result = Array.zeros(call.attributes().dtype(), call.shape());
    Arrays.setAll(result.data(), i -> given.length == 1 ? given[0] : given[i]);
    return List.of(result);
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    double[] data = lowering.attributes().data().elements();
    if (data.length != 1) {
      lowering.literal(lowering.result(), lowering.attributes().data());
      return;
    }
    List<Axis> axes = lowering.axes(lowering.result().shape());
    DType dtype = ElementwiseOp.computeType(lowering.result().dtype());
    Expr value = ElementwiseOp.stored(lowering.result().dtype(), Expr.constant(dtype, data[0]));
    lowering.elementwise(axes, lowering.result(), Lowering.index(axes), value);
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    return List.of();
  }

  @Override
  public List<Sample<Attributes>> samples() {
    List<Dim> shape = List.of(Dim.constant(2), Dim.constant(2));
    return List.of(
        Sample.of(
            "elements",
            new Attributes(DType.F32, shape, Literal.of(1, 2.5, -3, 4)),
            List.of(),
            List.of(Array.f32(new int[] {2, 2}, 1, 2.5, -3, 4)),
            "by hand"),
        Sample.of(
            "one for all",
            new Attributes(DType.I32, shape, Literal.of(7)),
            List.of(),
            List.of(Array.i32(new int[] {2, 2}, 7, 7, 7, 7)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "a value known when compiling";
  }
}

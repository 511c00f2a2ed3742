package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/** Conversion to another element type; no gradient flows through integers and bools. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Cast extends ElementwiseOp<Cast.Attributes> {
  private static final Cast OP = new Cast();

  /** The type to convert to. */
  public record Attributes(@Attribute(doc = "the new element type") DType dtype) {}

  public Cast() {
    super("cast", Attributes.class, "x");
  }

  /** The value in another type; the value itself if it has it. */
  public static Value of(GraphBuilder builder, Value x, DType dtype) {
    return x.tensor().dtype() == dtype ? x : OP.build(builder, new Attributes(dtype), x);
  }

  @Override
  protected DType resultType(Attributes attributes, List<DType> dtypes) {
    return attributes.dtype();
  }

  @Override
  protected double compute(Attributes attributes, List<DType> dtypes, double[] operands) {
    return ScalarFunctions.cast(dtypes.get(0), attributes.dtype(), operands[0]);
  }

  @Override
  protected Expr express(Attributes attributes, List<Expr> operands) {
    return stored(attributes.dtype(), operands.get(0));
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    DType from = call.operand(0).tensor().dtype();
    boolean flows = from.isFloating() && call.attributes().dtype().isFloating();
    return Collections.singletonList(flows ? of(call.builder(), call.cotangent(), from) : null);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    double nan = Double.NaN;
    double infinity = Double.POSITIVE_INFINITY;
    int[] shape = {6};
    Array floats = Array.f32(shape, 1.75, -1.75, 3e10, nan, infinity, 0);
    return List.of(
        Sample.of(
                "to integer: towards zero, saturating, NaN to 0",
                new Attributes(DType.I32),
                List.of(floats),
                List.of(Array.i32(shape, 1, -1, 2147483647, 0, 2147483647, 0)),
                "by hand from the Java language specification 5.1.3")
            .kink(),
        Sample.of(
                "to bool: not 0",
                new Attributes(DType.BOOL),
                List.of(floats),
                List.of(Array.bool(shape, 1, 1, 1, 1, 1, 0)),
                "by hand")
            .kink(),
        Sample.of(
                "integers wrap",
                new Attributes(DType.I8),
                List.of(Array.i32(new int[] {3}, 127, 128, -129)),
                List.of(new Array(DType.I8, new int[] {3}, new double[] {127, -128, 127})),
                "by hand")
            .kink(),
        // What f64 computes is not rounded, so values are compared between backends alone.
        Sample.of(
                "to f16: ties, the greatest number, beyond it, the least",
                new Attributes(DType.F16),
                List.of(
                    Array.f32(
                        new int[] {8}, 2049, 2051, 65519, -65520, 0x1p-25, 0x1.8p-24, nan, -0.0)))
            .kink(),
        Sample.of(
                "to bf16: ties, the least, beyond the greatest number",
                new Attributes(DType.BF16),
                List.of(Array.f32(shape, 257, 259, -1.0e-45, nan, infinity, 3.4e38)))
            .kink(),
        Sample.of(
                "16 bits to number",
                new Attributes(DType.F32),
                List.of(new Array(DType.F16, new int[] {3}, new double[] {0.5, -65504, 0x1p-24})),
                List.of(Array.f32(new int[] {3}, 0.5, -65504, 0x1p-24)),
                "by hand")
            .kink(),
        Sample.of(
            "bool to number",
            new Attributes(DType.F32),
            List.of(Array.bool(new int[] {2}, 0, 1)),
            List.of(Array.f32(new int[] {2}, 0, 1)),
            "by hand"),
        Sample.of(
            "widening",
            new Attributes(DType.F64),
            List.of(Array.f32(new int[] {2}, 0.5, -2)),
            List.of(new Array(DType.F64, new int[] {2}, new double[] {0.5, -2})),
            "by hand"));
  }

  @Override
  public String doc() {
    return "conversion to another element type";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Sample;
import org.modelc.runtime.spec.DType;

/**
 * The real numbers that integers stand for: {@code scale × (q − zero_point)}. (ONNX's
 * DequantizeLinear.) The integers may be stored ones (i8) or sums of products of them (i32), which
 * floating types round to nearest.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Dequantize extends ElementwiseOp<NoAttributes> {
  private static final Dequantize OP = new Dequantize();

  public Dequantize() {
    super("dequantize", NoAttributes.class, "q", "scale", "zero_point");
  }

  /**
   * What integers stand for.
   *
   * @param q i8 or i32
   * @param scale floating; its type is the result's
   * @param zeroPoint i32, the integer that stands for 0
   */
  public static Value of(GraphBuilder builder, Value q, Value scale, Value zeroPoint) {
    return OP.build(builder, NoAttributes.NONE, q, scale, zeroPoint);
  }

  @Override
  protected DType resultType(NoAttributes attributes, List<DType> dtypes) {
    boolean integers = dtypes.get(0) == DType.I8 || dtypes.get(0) == DType.I32;
    if (!integers || dtypes.get(2) != DType.I32) {
      throw new OpException(
          "dequantize takes integers of i8 or i32 and a zero point of i32, got " + dtypes,
          "convert with cast");
    }
    Domain.FLOATING.check(name(), dtypes.get(1));
    return dtypes.get(1);
  }

  @Override
  protected double compute(NoAttributes none, List<DType> dtypes, double[] operands) {
    double integer = ScalarFunctions.wrap(DType.I32, (long) operands[0] - (long) operands[2]);
    return ScalarFunctions.round(computeType(dtypes.get(1)), integer) * operands[1];
  }

  @Override
  protected Expr express(NoAttributes none, List<Expr> operands) {
    Expr scale = operands.get(1);
    return Expr.cast(scale.dtype(), operands.get(0).minus(operands.get(2))).times(scale);
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    int[] shape = {4};
    Array zero = Array.i32(shape, 3, 3, -128, 0);
    Array scale = Array.f32(shape, 0.5, 0.5, 0.25, 2);
    return List.of(
        Sample.of(
                "stored integers",
                NoAttributes.NONE,
                List.of(new Array(DType.I8, shape, new double[] {3, -128, 127, 5}), scale, zero),
                List.of(Array.f32(shape, 0, -65.5, 63.75, 10)),
                "by hand")
            .kink(),
        Sample.of(
                "a sum of products beyond 2²⁴ is rounded",
                NoAttributes.NONE,
                List.of(
                    Array.i32(new int[] {2}, 16777217, 16777219),
                    Array.f32(new int[] {2}, 1, 1),
                    Array.i32(new int[] {2}, 0, 0)),
                List.of(Array.f32(new int[] {2}, 16777216, 16777220)),
                "by hand: 24 bits of mantissa, ties to even")
            .kink());
  }

  @Override
  public String doc() {
    return "scale * (q - zero_point): the numbers that quantised integers stand for";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Sample;
import org.modelc.runtime.spec.DType;

/**
 * Real numbers as integers of few bits: {@code round(x / scale) + zero_point}, ties to even, held
 * within the bits; NaN gives 0. (ONNX's QuantizeLinear.) Scale and zero point broadcast to {@code
 * x}: one number for a tensor, one a channel, one a row.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Quantize extends ElementwiseOp<Quantize.Attributes> {
  private static final Quantize OP = new Quantize();

  /** How many bits an integer has; it is stored in 8 of them. */
  public record Attributes(@Attribute(value = "8", doc = "bits of the integers, 2 to 8") int bits) {
    /** The least integer. */
    public int low() {
      return -(1 << (bits - 1));
    }

    /** The greatest integer. */
    public int high() {
      return (1 << (bits - 1)) - 1;
    }
  }

  public Quantize() {
    super("quantize", Attributes.class, "x", "scale", "zero_point");
  }

  /**
   * The integers of a value.
   *
   * @param scale of the value's type
   * @param zeroPoint i32, the integer that stands for 0
   */
  public static Value of(GraphBuilder builder, Value x, Value scale, Value zeroPoint, int bits) {
    return OP.build(builder, new Attributes(bits), x, scale, zeroPoint);
  }

  @Override
  protected DType resultType(Attributes attributes, List<DType> dtypes) {
    if (attributes.bits() < 2 || attributes.bits() > 8) {
      throw new OpException("quantize to " + attributes.bits() + " bits", "there are 2 to 8");
    }
    Domain.FLOATING.check(name(), dtypes.get(0));
    if (dtypes.get(1) != dtypes.get(0) || dtypes.get(2) != DType.I32) {
      throw new OpException(
          "quantize takes a scale of the type of x and a zero point of i32, got " + dtypes,
          "convert with cast");
    }
    return DType.I8;
  }

  @Override
  protected double compute(Attributes attributes, List<DType> dtypes, double[] operands) {
    double quotient = ScalarFunctions.round(computeType(dtypes.get(0)), operands[0] / operands[1]);
    double integer = Math.rint(quotient) + operands[2];
    return Double.isNaN(integer)
        ? 0
        : Math.max(attributes.low(), Math.min(attributes.high(), integer));
  }

  /**
   * The number is held within the integers' bounds first. Then it is small, so adding 1.5 × 2²³ to
   * an f32 rounds it to an integer that stands in its low bits: one addition, where rounding,
   * converting and looking for what no integer holds are ten instructions.
   */
  @Override
  protected Expr express(Attributes attributes, List<Expr> operands) {
    Expr quotient = operands.get(0).dividedBy(operands.get(1));
    Expr zero = operands.get(2);
    Expr shift = Expr.cast(quotient.dtype(), zero);
    Expr low = Expr.constant(quotient.dtype(), attributes.low()).minus(shift);
    Expr high = Expr.constant(quotient.dtype(), attributes.high()).minus(shift);
    Expr held = Expr.apply(ScalarOp.MAXIMUM, Expr.apply(ScalarOp.MINIMUM, quotient, high), low);
    Expr integer =
        held.dtype() == DType.F32
            ? lowBits(held)
            : Expr.cast(DType.I32, Expr.apply(ScalarOp.ROUND, held));
    Expr isNumber = Expr.apply(ScalarOp.EQUAL, held, held);
    return Expr.cast(DType.I8, Expr.select(isNumber, integer.plus(zero), Expr.integer(0)));
  }

  /** The nearest integer to a number between ±2²². */
  private static Expr lowBits(Expr number) {
    Expr shifter = Expr.constant(DType.F32, 0x1.8p23);
    Expr bits = Expr.bitcast(DType.I32, number.plus(shifter));
    return bits.minus(Expr.bitcast(DType.I32, shifter));
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public List<Sample<Attributes>> samples() {
    int[] shape = {9};
    double infinity = Double.POSITIVE_INFINITY;
    Array x = Array.f32(shape, 0.25, 0.75, -0.75, 63.75, 1000, -1000, infinity, Double.NaN, -0.1);
    double[] halves = new double[9];
    java.util.Arrays.fill(halves, 0.5);
    double[] threes = new double[9];
    java.util.Arrays.fill(threes, -3);
    return List.of(
        Sample.of(
                "eight bits: ties to even, held at the ends, NaN to 0",
                new Attributes(8),
                List.of(x, Array.f32(shape, halves), Array.i32(shape, threes)),
                List.of(
                    new Array(
                        DType.I8, shape, new double[] {-3, -1, -5, 125, 127, -128, 127, 0, -3})),
                "by hand")
            .kink(),
        Sample.of(
                "four bits",
                new Attributes(4),
                List.of(x, Array.f32(shape, halves), Array.i32(shape, new double[9])),
                List.of(new Array(DType.I8, shape, new double[] {0, 2, -2, 7, 7, -8, 7, 0, 0})),
                "by hand")
            .kink());
  }

  @Override
  public String doc() {
    return "round(x / scale) + zero_point as integers of few bits";
  }
}

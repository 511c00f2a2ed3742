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
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.VjpCall;
import org.modelc.runtime.spec.DType;

/** x · Φ(x), the Gaussian error linear unit (Hendrycks and Gimpel 2016). */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Gelu extends ElementwiseOp<Gelu.Attributes> {
  private static final Gelu OP = new Gelu();

  /** How the distribution function is computed. */
  public record Attributes(
      @Attribute(value = "none", doc = "none: exactly; tanh: the approximation")
          Approximation approximate) {}

  private static final double CUBIC = 0.044715;
  private static final double SCALE = Math.sqrt(2 / Math.PI);

  public Gelu() {
    super("gelu", Attributes.class, "x");
  }

  /** How the distribution function of the normal distribution is computed. */
  public enum Approximation {
    NONE,
    TANH
  }

  public static Value of(GraphBuilder builder, Value x, Approximation approximate) {
    return OP.build(builder, new Attributes(approximate), x);
  }

  @Override
  protected double compute(Attributes attributes, List<DType> dtypes, double[] operands) {
    double x = operands[0];
    return switch (attributes.approximate()) {
      case NONE -> ScalarFunctions.apply(ScalarOp.GELU, dtypes.get(0), operands);
      case TANH -> 0.5 * x * (1 + Math.tanh(SCALE * (x + CUBIC * x * x * x)));
    };
  }

  @Override
  protected Expr express(Attributes attributes, List<Expr> operands) {
    Expr x = operands.get(0);
    return switch (attributes.approximate()) {
      case NONE -> Expr.apply(ScalarOp.GELU, x);
      case TANH -> {
        Expr cube = x.times(x.times(x));
        Expr place = x.plus(cube.times(Expr.constant(x.dtype(), CUBIC)));
        Expr tanh = Expr.apply(ScalarOp.TANH, place.times(Expr.constant(x.dtype(), SCALE)));
        Expr half = x.times(Expr.constant(x.dtype(), 0.5));
        yield half.times(tanh.plus(Expr.constant(x.dtype(), 1)));
      }
    };
  }

  @Override
  protected DType resultType(Attributes attributes, List<DType> dtypes) {
    Domain.FLOATING.check(name(), dtypes.get(0));
    return dtypes.get(0);
  }

  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    GraphBuilder builder = call.builder();
    Value x = call.operand(0);
    Value slope =
        switch (call.attributes().approximate()) {
          case NONE -> slope(builder, x);
          case TANH -> slopeOfApproximation(builder, x);
        };
    return List.of(Multiply.of(builder, call.cotangent(), slope));
  }

  /** Φ(x) + x φ(x). */
  private static Value slope(GraphBuilder builder, Value x) {
    Value error = Erf.of(builder, scaled(builder, x, Math.sqrt(0.5)));
    Value bell = Exp.of(builder, scaled(builder, Multiply.of(builder, x, x), -0.5));
    Value density = scaled(builder, bell, 1 / Math.sqrt(2 * Math.PI));
    return Add.of(builder, half(builder, error), Multiply.of(builder, x, density));
  }

  /** ½ (1 + tanh u) + ½ x (1 − tanh² u) u′, where u = √(2/π) (x + 0.044715 x³). */
  private static Value slopeOfApproximation(GraphBuilder builder, Value x) {
    Value square = Multiply.of(builder, x, x);
    Value sum = Add.of(builder, x, scaled(builder, Multiply.of(builder, x, square), CUBIC));
    Value tanh = Tanh.of(builder, scaled(builder, sum, SCALE));
    Value one = Constant.like(builder, x, 1);
    Value rest = Subtract.of(builder, one, Multiply.of(builder, tanh, tanh));
    Value inner = Add.of(builder, one, scaled(builder, square, 3 * CUBIC));
    Value change = Multiply.of(builder, rest, scaled(builder, inner, SCALE));
    Value bend = Multiply.of(builder, scaled(builder, x, 0.5), change);
    return Add.of(builder, half(builder, tanh), bend);
  }

  /** ½ (1 + x). */
  private static Value half(GraphBuilder builder, Value x) {
    return scaled(builder, Add.of(builder, x, Constant.like(builder, x, 1)), 0.5);
  }

  private static Value scaled(GraphBuilder builder, Value x, double factor) {
    return Multiply.of(builder, x, Constant.like(builder, x, factor));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "values",
            new Attributes(Approximation.NONE),
            List.of(Array.f32(new int[] {8}, -3, -1.5, -0.625, -0.125, 0.25, 0.75, 1.25, 2.5)),
            List.of(
                Array.f32(
                    new int[] {8},
                    -0.00404969409489031,
                    -0.10021080190328704,
                    -0.16624095565543784,
                    -0.056282721896235885,
                    0.14967658142073093,
                    0.5800294857173489,
                    1.117937782916431,
                    2.4844758366855597)),
            "torch 1.13.0a0"),
        Sample.of(
            "tanh",
            new Attributes(Approximation.TANH),
            List.of(Array.f32(new int[] {8}, -3, -1.5, -0.625, -0.125, 0.25, 0.75, 1.25, 2.5)),
            List.of(
                Array.f32(
                    new int[] {8},
                    -0.0036373920817729943,
                    -0.10042842301976707,
                    -0.16627885004239948,
                    -0.05628280137577661,
                    0.149675350701685,
                    0.5799605551656203,
                    1.1177142029697147,
                    2.484915733910001)),
            "numpy 1.24.2 by the formula"));
  }

  @Override
  public String doc() {
    return "x * Phi(x), the Gaussian error linear unit";
  }
}

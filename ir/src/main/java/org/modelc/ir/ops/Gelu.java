package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.ValueType;

/** x · Φ(x), the Gaussian error linear unit (Hendrycks and Gimpel 2016). */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Gelu extends CompositeOp<Gelu.Attributes> {
  private static final Gelu OP = new Gelu();

  /** How the distribution function is computed. */
  public record Attributes(
      @Attribute(value = "none", doc = "none: by erf; tanh: the approximation")
          Approximation approximate) {}

  public Gelu() {
    super("gelu", Attributes.class, "x");
  }

  /** How the distribution function of the normal distribution is computed. */
  public enum Approximation {
    NONE,
    TANH
  }

  public static Value of(GraphBuilder builder, Value x, Approximation approximate) {
    return builder.add(OP, new Attributes(approximate), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    Operands.checkCount(this, call.operands());
    Domain.FLOATING.check(name(), call.tensor(0).dtype());
    return call.operands();
  }

  @Override
  public List<Value> expand(GraphBuilder builder, Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    Value cumulative =
        switch (attributes.approximate()) {
          case NONE -> Erf.of(builder, scaled(builder, x, Math.sqrt(0.5)));
          case TANH -> Tanh.of(builder, cubic(builder, x));
        };
    Value share = Add.of(builder, cumulative, Constant.like(builder, x, 1));
    return List.of(Multiply.of(builder, scaled(builder, x, 0.5), share));
  }

  /** √(2/π) (x + 0.044715 x³). */
  private static Value cubic(GraphBuilder builder, Value x) {
    Value cube = Multiply.of(builder, x, Multiply.of(builder, x, x));
    Value sum = Add.of(builder, x, scaled(builder, cube, 0.044715));
    return scaled(builder, sum, Math.sqrt(2 / Math.PI));
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

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OptimizerOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;

/**
 * Adam with decay apart from the gradient (Loshchilov and Hutter, 2019), as {@code
 * torch.optim.AdamW}.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Adamw extends OptimizerOp<Adamw.Attributes> {
  /** How the averages forget, and decay. */
  public record Attributes(
      @Attribute(value = "0.9", doc = "how much of the gradient's average is kept") double beta1,
      @Attribute(value = "0.999", doc = "how much of the square's average is kept") double beta2,
      @Attribute(value = "1e-8", doc = "added to the root of the square") double epsilon,
      @Attribute(value = "0.01", doc = "the part of the parameter that a rate of 1 takes away")
          double decay) {}

  public Adamw() {
    super("adamw", Attributes.class);
  }

  @Override
  public List<String> slots(Attributes attributes) {
    return AdamMoments.SLOTS;
  }

  @Override
  protected List<Value> update(Update<Attributes> update) {
    Attributes a = update.attributes();
    AdamMoments.Settings settings = new AdamMoments.Settings(a.beta1(), a.beta2(), a.epsilon());
    return AdamMoments.step(update, settings, decayed(update), update.gradient());
  }

  /** {@code parameter × (1 − rate × decay)}. */
  private static Value decayed(Update<Attributes> update) {
    if (update.attributes().decay() == 0) {
      return update.parameter();
    }
    GraphBuilder builder = update.builder();
    Value lost = update.scaled(update.attributes().decay(), update.rate());
    Value kept = Subtract.of(builder, update.number(1), lost);
    return Multiply.of(builder, update.parameter(), kept);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "third step",
            new Attributes(0.9, 0.999, 1e-8, 0.1),
            List.of(
                Array.f32(
                    new int[] {3}, 1.0685181447161858, -1.076730313340979, -0.24817754591156974),
                SampleValues.spread(3, 3),
                Sgd.scalar(0.125),
                Sgd.step(2),
                Array.f32(
                    new int[] {3}, -0.19718749999999996, 0.022499999999999996, 0.24218749999999994),
                Array.f32(
                    new int[] {3},
                    0.002249491210937502,
                    8.300390625000007e-05,
                    0.003261499023437503)),
            List.of(
                Array.f32(
                    new int[] {3}, 1.170937276962702, -1.1592932659322255, -0.27339288269551615),
                Array.f32(
                    new int[] {3}, -0.23059374999999996, 0.08274999999999999, 0.08046874999999999),
                Array.f32(
                    new int[] {3},
                    0.0025294682822265646,
                    0.0004735459023437504,
                    0.005148862524414067)),
            "torch 1.13 optim.AdamW"));
  }

  @Override
  public String doc() {
    return "Adam with decay of the parameter apart from its gradient";
  }
}

package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OptimizerOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;

/**
 * Adam (Kingma and Ba, 2015), as {@code torch.optim.Adam}: decay is part of the gradient; {@link
 * Adamw} keeps it apart.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Adam extends OptimizerOp<Adam.Attributes> {
  /** How the averages forget, and decay. */
  public record Attributes(
      @Attribute(value = "0.9", doc = "how much of the gradient's average is kept") double beta1,
      @Attribute(value = "0.999", doc = "how much of the square's average is kept") double beta2,
      @Attribute(value = "1e-8", doc = "added to the root of the square") double epsilon,
      @Attribute(value = "0", doc = "weight of the parameter in its gradient") double decay) {}

  public Adam() {
    super("adam", Attributes.class);
  }

  @Override
  public List<String> slots(Attributes attributes) {
    return AdamMoments.SLOTS;
  }

  @Override
  protected List<Value> update(Update<Attributes> update) {
    Attributes a = update.attributes();
    AdamMoments.Settings settings = new AdamMoments.Settings(a.beta1(), a.beta2(), a.epsilon());
    Value gradient = update.decayedGradient(a.decay());
    return AdamMoments.step(update, settings, update.parameter(), gradient);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array zero = Array.f32(new int[] {1}, 0);
    return List.of(
        Sample.of(
            "first step: the rate against the gradient's sign",
            new Attributes(0.9, 0.999, 0, 0),
            List.of(
                Array.f32(new int[] {1}, 1),
                Array.f32(new int[] {1}, 1),
                Sgd.scalar(0.1),
                Sgd.step(0),
                zero,
                zero),
            List.of(
                Array.f32(new int[] {1}, 0.9),
                Array.f32(new int[] {1}, 0.1),
                Array.f32(new int[] {1}, 0.001)),
            "by hand: m / (1 − β₁) = √(v / (1 − β₂)) = 1"),
        Sample.of(
            "third step",
            new Attributes(0.9, 0.999, 1e-8, 0.1),
            List.of(
                Array.f32(
                    new int[] {3}, 1.09044240579249, -1.0378289537703969, -0.24978259638643874),
                SampleValues.spread(3, 3),
                Sgd.scalar(0.125),
                Sgd.step(2),
                Array.f32(
                    new int[] {3},
                    -0.17990625001101923,
                    0.0017812499298245647,
                    0.24093750001142852),
                Array.f32(
                    new int[] {3},
                    0.0018909983497808638,
                    6.342530248437507e-05,
                    0.003225717773763217)),
            List.of(
                Array.f32(
                    new int[] {3}, 1.203811741915906, -1.111945973972274, -0.2767375276084373),
                Array.f32(
                    new int[] {3}, -0.20413620095199242, 0.05372483539913813, 0.07684592404642131),
                Array.f32(
                    new int[] {3},
                    0.002067365054719136,
                    0.0003350291473334329,
                    0.005182431183450302)),
            "torch 1.13 optim.Adam"));
  }

  @Override
  public String doc() {
    return "Adam: steps of the gradient's average over the root of its square's";
  }
}

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
 * Steps of the gradient over the root of its square's average (Hinton), as {@code
 * torch.optim.RMSprop}.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Rmsprop extends OptimizerOp<Rmsprop.Attributes> {
  /** How the average forgets, momentum and decay. */
  public record Attributes(
      @Attribute(value = "0.99", doc = "how much of the square's average is kept") double alpha,
      @Attribute(value = "1e-8", doc = "added to the root of the square") double epsilon,
      @Attribute(value = "0", doc = "how much of the velocity is kept; 0 keeps none")
          double momentum,
      @Attribute(value = "0", doc = "weight of the parameter in its gradient") double decay) {}

  public Rmsprop() {
    super("rmsprop", Attributes.class);
  }

  @Override
  public List<String> slots(Attributes attributes) {
    return attributes.momentum() == 0 ? List.of("v") : List.of("v", "velocity");
  }

  @Override
  protected List<Value> update(Update<Attributes> update) {
    GraphBuilder builder = update.builder();
    Attributes attributes = update.attributes();
    Value gradient = update.decayedGradient(attributes.decay());
    Value square = Multiply.of(builder, gradient, gradient);
    Value v = update.average(attributes.alpha(), update.slots().get(0), square);
    Value divisor = Add.of(builder, Sqrt.of(builder, v), update.number(attributes.epsilon()));
    Value direction = Divide.of(builder, gradient, divisor);
    if (attributes.momentum() == 0) {
      return List.of(moved(update, direction), v);
    }
    Value kept = update.scaled(attributes.momentum(), update.slots().get(1));
    Value velocity = Add.of(builder, kept, direction);
    return List.of(moved(update, velocity), v, velocity);
  }

  private static Value moved(Update<Attributes> update, Value direction) {
    Value change = Multiply.of(update.builder(), update.rate(), direction);
    return Subtract.of(update.builder(), update.parameter(), change);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "third step with momentum",
            new Attributes(0.99, 1e-8, 0.9, 0.1),
            List.of(
                Array.f32(
                    new int[] {3}, 3.8537225114893032, 0.15153936778575505, -3.337250178482728),
                SampleValues.spread(3, 3),
                Sgd.scalar(0.125),
                Sgd.step(2),
                Array.f32(
                    new int[] {3},
                    0.017169952295131716,
                    0.0011587408030430421,
                    0.029069824518749995),
                Array.f32(
                    new int[] {3}, -14.079780973457051, -0.46232055631798197, 16.698002342147458)),
            List.of(
                Array.f32(
                    new int[] {3}, 5.5766916217398705, -0.9013330819134335, -4.328709238408892),
                Array.f32(
                    new int[] {3}, 0.017211055948278955, 0.0052451240227437, 0.05797653813976832),
                Array.f32(
                    new int[] {3}, -13.783752882004537, 8.422979597593509, 7.931672479409307)),
            "torch 1.13 optim.RMSprop"),
        Sample.of(
            "without momentum",
            new Attributes(0.75, 0, 0, 0),
            List.of(
                Array.f32(new int[] {1}, 1),
                Array.f32(new int[] {1}, 2),
                Sgd.scalar(0.5),
                Sgd.step(0),
                Array.f32(new int[] {1}, 0)),
            List.of(Array.f32(new int[] {1}, 0), Array.f32(new int[] {1}, 1)),
            "by hand: v = 0.25 × 4, then 1 − 0.5 × 2 / 1"));
  }

  @Override
  public String doc() {
    return "steps of the gradient over the root of its square's average";
  }
}

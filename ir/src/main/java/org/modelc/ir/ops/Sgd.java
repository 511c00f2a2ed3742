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
import org.modelc.runtime.spec.DType;

/**
 * Stochastic gradient descent, with momentum (Polyak) or Nesterov's, as {@code torch.optim.SGD}.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Sgd extends OptimizerOp<Sgd.Attributes> {
  /** Momentum and decay. */
  public record Attributes(
      @Attribute(value = "0", doc = "how much of the velocity is kept; 0 keeps none")
          double momentum,
      @Attribute(value = "false", doc = "look ahead along the velocity") boolean nesterov,
      @Attribute(value = "0", doc = "weight of the parameter in its gradient") double decay) {}

  public Sgd() {
    super("sgd", Attributes.class);
  }

  @Override
  public List<String> slots(Attributes attributes) {
    return attributes.momentum() == 0 ? List.of() : List.of("velocity");
  }

  @Override
  protected List<Value> update(Update<Attributes> update) {
    GraphBuilder builder = update.builder();
    Attributes attributes = update.attributes();
    Value gradient = update.decayedGradient(attributes.decay());
    if (attributes.momentum() == 0) {
      return List.of(moved(update, gradient));
    }
    double kept = attributes.momentum();
    Value velocity = Add.of(builder, update.scaled(kept, update.slots().get(0)), gradient);
    Value direction =
        attributes.nesterov() ? Add.of(builder, gradient, update.scaled(kept, velocity)) : velocity;
    return List.of(moved(update, direction), velocity);
  }

  private static Value moved(Update<Attributes> update, Value direction) {
    Value change = Multiply.of(update.builder(), update.rate(), direction);
    return Subtract.of(update.builder(), update.parameter(), change);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array gradient = SampleValues.spread(3, 3);
    return List.of(
        Sample.of(
            "plain",
            new Attributes(0, false, 0),
            List.of(
                Array.f32(new int[] {2}, 1, -2),
                Array.f32(new int[] {2}, 0.5, 4),
                scalar(0.5),
                step(0)),
            List.of(Array.f32(new int[] {2}, 0.75, -4)),
            "by hand"),
        Sample.of(
            "momentum and decay, third step",
            new Attributes(0.9, false, 0.1),
            List.of(
                Array.f32(new int[] {3}, 1.2102197265625, -1.1349267578125, -0.437744140625),
                gradient,
                scalar(0.125),
                step(2),
                Array.f32(new int[] {3}, -1.7973828125, 0.007539062499999999, 2.408203125)),
            List.of(
                Array.f32(
                    new int[] {3}, 1.463703796386719, -1.1997133178710937, -0.5313201904296875),
                Array.f32(new int[] {3}, -2.0278725585937503, 0.51829248046875, 0.7486083984375)),
            "torch 1.13 optim.SGD"),
        Sample.of(
            "Nesterov, third step",
            new Attributes(0.9, true, 0),
            List.of(
                Array.f32(new int[] {3}, 1.4644140625000002, -1.201875, -0.7119140625),
                gradient,
                scalar(0.125),
                step(2),
                Array.f32(new int[] {3}, -1.971875, 0.225, 2.421875)),
            List.of(
                Array.f32(new int[] {3}, 1.7902382812500002, -1.37309375, -0.63056640625),
                Array.f32(new int[] {3}, -2.3059374999999998, 0.8275, 0.8046875)),
            "torch 1.13 optim.SGD"));
  }

  static Array scalar(double value) {
    return Array.f32(new int[] {}, value);
  }

  static Array step(int step) {
    return new Array(DType.I64, new int[] {}, new double[] {step});
  }

  @Override
  public String doc() {
    return "stochastic gradient descent, with momentum or Nesterov's";
  }
}

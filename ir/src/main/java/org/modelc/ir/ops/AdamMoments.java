package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.OptimizerOp;

/** What {@link Adam} and {@link Adamw} share: moving averages of the gradient and of its square. */
final class AdamMoments {
  static final List<String> SLOTS = List.of("m", "v");

  private AdamMoments() {}

  /** How the averages forget. */
  record Settings(double beta1, double beta2, double epsilon) {}

  /**
   * One step with bias correction by the count t of updates.
   *
   * @param from the parameter that the step starts from
   * @return {@code from − rate / (1 − β₁ᵗ) × m / (√v / √(1 − β₂ᵗ) + ε)}, m, v
   */
  static <A extends Record> List<Value> step(
      OptimizerOp.Update<A> update, Settings settings, Value from, Value gradient) {
    GraphBuilder builder = update.builder();
    Value m = update.average(settings.beta1(), update.slots().get(0), gradient);
    Value square = Multiply.of(builder, gradient, gradient);
    Value v = update.average(settings.beta2(), update.slots().get(1), square);
    Value rate = Divide.of(builder, update.rate(), corrected(update, settings.beta1()));
    Value spread = Sqrt.of(builder, corrected(update, settings.beta2()));
    Value root = Divide.of(builder, Sqrt.of(builder, v), spread);
    Value divisor = Add.of(builder, root, update.number(settings.epsilon()));
    Value change = Divide.of(builder, Multiply.of(builder, rate, m), divisor);
    return List.of(Subtract.of(builder, from, change), m, v);
  }

  /** 1 − βᵗ, as −expm1(t log β): the plain difference loses four digits of f32 for β = 0.999. */
  private static <A extends Record> Value corrected(OptimizerOp.Update<A> update, double beta) {
    GraphBuilder builder = update.builder();
    Value exponent = update.scaled(Math.log(beta), update.count());
    return Negate.of(builder, Expm1.of(builder, exponent));
  }
}

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
 * Steps of the gradient over the root of its squares' sum (Duchi et al., 2011), as {@code
 * torch.optim.Adagrad}.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Adagrad extends OptimizerOp<Adagrad.Attributes> {
  /** Epsilon and decay. */
  public record Attributes(
      @Attribute(value = "1e-10", doc = "added to the root of the sum") double epsilon,
      @Attribute(value = "0", doc = "weight of the parameter in its gradient") double decay) {}

  public Adagrad() {
    super("adagrad", Attributes.class);
  }

  @Override
  public List<String> slots(Attributes attributes) {
    return List.of("sum");
  }

  @Override
  protected List<Value> update(Update<Attributes> update) {
    GraphBuilder builder = update.builder();
    Value gradient = update.decayedGradient(update.attributes().decay());
    Value square = Multiply.of(builder, gradient, gradient);
    Value sum = Add.of(builder, update.slots().get(0), square);
    Value epsilon = update.number(update.attributes().epsilon());
    Value divisor = Add.of(builder, Sqrt.of(builder, sum), epsilon);
    Value scaled = Multiply.of(builder, update.rate(), gradient);
    Value change = Divide.of(builder, scaled, divisor);
    return List.of(Subtract.of(builder, update.parameter(), change), sum);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "third step",
            new Attributes(1e-10, 0.1),
            List.of(
                Array.f32(
                    new int[] {3}, 1.0394575990173758, -1.119638347681665, -0.22415878060856795),
                SampleValues.spread(3, 3),
                Sgd.scalar(0.125),
                Sgd.step(2),
                Array.f32(new int[] {3}, 1.8922851562517147, 0.0634570312475, 3.226914062503257)),
            List.of(
                Array.f32(
                    new int[] {3}, 1.0765385909891234, -1.2318422415588328, -0.14740778749978248),
                Array.f32(new int[] {3}, 2.074874069857668, 0.3266631380832852, 5.179685198759852)),
            "torch 1.13 optim.Adagrad"));
  }

  @Override
  public String doc() {
    return "steps of the gradient over the root of its squares' sum";
  }
}

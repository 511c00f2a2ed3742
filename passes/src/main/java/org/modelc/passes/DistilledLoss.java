package org.modelc.passes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Exp;
import org.modelc.ir.ops.Log;
import org.modelc.ir.ops.LogSoftmax;
import org.modelc.ir.ops.Maximum;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.StopGradient;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.ops.Sum;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A loss that listens to a teacher: {@code (1 − w) × loss + w × T² × KL(teacher ‖ model)}, both
 * distributions softened by a temperature T (Hinton et al., Distilling the Knowledge in a Neural
 * Network, 2015). Results that are no distributions are held against each other by squared error.
 */
public final class DistilledLoss {
  /** The least probability whose logarithm is taken. */
  private static final double LEAST = 1e-30;

  private final GraphBuilder builder;
  private final Settings settings;
  private final Map<String, Value> known = new LinkedHashMap<>();

  /**
   * How the teacher is listened to.
   *
   * @param result the result that is compared
   * @param temperature above 0
   * @param weight from 0 to 1
   */
  public record Settings(String result, double temperature, double weight) {}

  private DistilledLoss(String name, Settings settings) {
    this.builder = new GraphBuilder(name);
    this.settings = settings;
  }

  /**
   * The loss function with a teacher in it.
   *
   * @param loss per example, with its state updates
   * @param model the model's function that gives the result, in training
   * @param teacher the teacher's, frozen; its parameters become constants
   */
  public static Graph of(Graph loss, Graph model, Graph teacher, Settings settings) {
    return new DistilledLoss(loss.name(), settings).build(loss, model, teacher);
  }

  /** The name of a teacher's parameter among the inputs of the loss. */
  public static String constantOf(String parameter) {
    return "teacher." + parameter;
  }

  private Graph build(Graph loss, Graph model, Graph teacher) {
    GraphRewriter hard = copied(loss, false);
    // The model's own nodes are there already, but for those behind a random one.
    Value own = copied(model, false).value(model.output(settings.result()).value());
    Value others = copied(teacher, true).value(teacher.output(settings.result()).value());
    Value soft = distance(own, StopGradient.of(builder, others));
    for (Graph.Output output : loss.outputs()) {
      Value value = hard.value(output.value());
      if (output.updates() == null) {
        builder.output(output.name(), mixed(value, soft));
      } else {
        builder.update(output.updates(), value);
      }
    }
    loss.bounds().forEach(builder::bound);
    return builder.build();
  }

  private GraphRewriter copied(Graph graph, boolean constant) {
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    for (Graph.Input input : graph.inputs()) {
      boolean fixed = constant && input.role() == Role.PARAMETER;
      String name = fixed ? constantOf(input.name()) : input.name();
      Role role = fixed ? Role.CONSTANT : input.role();
      Value value =
          known.computeIfAbsent(
              role + " " + name, key -> builder.input(name, role, input.value().type()));
      rewriter.map(input.value(), value);
    }
    graph.nodes().forEach(rewriter::node);
    return rewriter;
  }

  private Value distance(Value own, Value others) {
    int last = own.tensor().rank() - 1;
    if (last < 1) {
      Value difference = Subtract.of(builder, own, others);
      return Multiply.of(builder, difference, difference);
    }
    Value model = softened(own);
    Value teacher = softened(others);
    Value each =
        Multiply.of(builder, Exp.of(builder, teacher), Subtract.of(builder, teacher, model));
    Value divergence = Sum.of(builder, each, List.of(last), false);
    double scale = settings.temperature() * settings.temperature();
    return Multiply.of(builder, divergence, Constant.like(builder, divergence, scale));
  }

  /** The logarithms of a distribution after its temperature. */
  private Value softened(Value probabilities) {
    Value least = Constant.like(builder, probabilities, LEAST);
    Value logarithms = Log.of(builder, Maximum.of(builder, probabilities, least));
    Value factor = Constant.like(builder, logarithms, 1 / settings.temperature());
    return LogSoftmax.of(builder, Multiply.of(builder, logarithms, factor), -1);
  }

  private Value mixed(Value hard, Value soft) {
    Value own = Multiply.of(builder, hard, Constant.like(builder, hard, 1 - settings.weight()));
    Value others = Multiply.of(builder, soft, Constant.like(builder, soft, settings.weight()));
    return Add.of(builder, own, others);
  }
}

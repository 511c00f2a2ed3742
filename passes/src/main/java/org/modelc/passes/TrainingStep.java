package org.modelc.passes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.IsFinite;
import org.modelc.ir.ops.LogicalAnd;
import org.modelc.ir.ops.Select;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;

/**
 * Assembles the program of one training step: for each {@code minimize} in turn the loss, its
 * gradients, clipping and the optimiser's update; the second sees the parameters the first made. If
 * a loss or a gradient norm is not finite, parameters, states and optimiser buffers keep their
 * values.
 *
 * <p>Inputs: those of the loss functions, {@code example_weight: f32[B]}, parameters, states,
 * optimiser buffers {@code <parameter>/<slot>}, and the controls {@code rate: f32[]}, {@code step:
 * i64[]} (the number of steps done before, from 0) and {@code seed: i64[]} as far as they are used.
 * Outputs: {@code loss: f32[]} with penalties, {@code gradient_norm: f32[]} before clipping, {@code
 * finite: bool[]}, and the updates. For the n-th {@code minimize} from the second on, {@code rate},
 * {@code loss} and {@code gradient_norm} are named {@code rate.n} and so on, and buffers {@code
 * <parameter>/<slot>.n}.
 */
public final class TrainingStep {
  /**
   * One {@code minimize} sentence with its loss function.
   *
   * @param loss the loss function compiled for training: output {@code loss} per example, and state
   *     updates
   * @param spec what is to be done with it
   */
  public record Minimize(Graph loss, MinimizeSpec spec) {}

  private final GraphBuilder builder;
  private final Diagnostics diagnostics;
  private final boolean normPerParameter;
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> parameters = new LinkedHashMap<>();
  private final Map<String, Value> states = new LinkedHashMap<>();
  private final Map<String, Value> buffers = new LinkedHashMap<>();
  private final Map<String, Value> controls = new LinkedHashMap<>();
  private final Map<String, Value> before = new LinkedHashMap<>();
  private final Map<String, Value> results = new LinkedHashMap<>();
  private Value finite;

  private TrainingStep(String name, Diagnostics diagnostics, boolean normPerParameter) {
    this.builder = new GraphBuilder(name);
    this.diagnostics = diagnostics;
    this.normPerParameter = normPerParameter;
  }

  /**
   * Builds the program.
   *
   * @param name the program's name
   * @param minimizes the sentences in order, at least one
   * @param normPerParameter whether to give {@code gradient_norm/<parameter>} too
   * @param diagnostics gets a warning for a parameter that its loss does not depend on
   */
  public static Graph build(
      String name, List<Minimize> minimizes, boolean normPerParameter, Diagnostics diagnostics) {
    TrainingStep step = new TrainingStep(name, diagnostics, normPerParameter);
    List<Minimize> expanded =
        minimizes.stream()
            .map(
                m -> new Minimize(ExpandComposites.expand(m.loss(), Autodiff::lacksRule), m.spec()))
            .toList();
    expanded.forEach(minimize -> step.declare(minimize.loss()));
    for (int i = 0; i < expanded.size(); i++) {
      step.minimize(expanded.get(i), i == 0 ? "" : "." + (i + 1));
    }
    return step.finish(expanded);
  }

  /** Declares a loss function's inputs, each once. */
  private void declare(Graph loss) {
    for (Graph.Input input : loss.inputs()) {
      Map<String, Value> named = namespace(input.role());
      TensorType type = input.value().tensor();
      Value known = named.get(input.name());
      if (known == null) {
        builder.at(input.value().origin());
        named.put(input.name(), builder.input(input.name(), input.role(), type));
        builder.at(List.of());
      } else if (!known.type().equals(type)) {
        throw new IllegalArgumentException(
            "input " + input.name() + " is " + known.type() + " and " + type);
      }
    }
  }

  private Map<String, Value> namespace(Role role) {
    return switch (role) {
      case INPUT, CONSTANT -> inputs;
      case PARAMETER -> parameters;
      case STATE -> states;
      case OPTIMIZER -> buffers;
      case CONTROL -> controls;
      case OUTPUT, WORKSPACE ->
          throw new IllegalArgumentException("a loss function has no inputs of role " + role);
    };
  }

  private void minimize(Minimize minimize, String suffix) {
    Value perExample = inline(minimize.loss());
    Value data = Losses.weightedMean(builder, perExample, this::exampleWeight);
    Value loss = Losses.withPenalties(builder, data, minimize.spec().penalties(), parameters);
    Map<String, Value> gradients = gradients(minimize, loss);
    Gradients clipped = Gradients.of(builder, gradients, minimize.spec().clip());
    results.put("loss" + suffix, loss);
    results.put("gradient_norm" + suffix, clipped.norm());
    if (normPerParameter) {
      clipped.norms().forEach((name, norm) -> results.put("gradient_norm/" + name + suffix, norm));
    }
    Value good =
        LogicalAnd.of(builder, IsFinite.of(builder, loss), IsFinite.of(builder, clipped.norm()));
    finite = finite == null ? good : LogicalAnd.of(builder, finite, good);
    clipped
        .gradients()
        .forEach((name, gradient) -> update(name, gradient, minimize.spec(), suffix));
  }

  /** Copies the loss function's nodes over the current parameters and states. */
  private Value inline(Graph loss) {
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    for (Graph.Input input : loss.inputs()) {
      rewriter.map(input.value(), namespace(input.role()).get(input.name()));
    }
    loss.nodes().forEach(rewriter::node);
    for (Graph.Output output : loss.outputs()) {
      if (output.updates() != null) {
        replace(states, output.updates(), rewriter.value(output.value()));
      }
    }
    return rewriter.value(loss.output("loss").value());
  }

  private Value exampleWeight(TensorType type) {
    return inputs.computeIfAbsent("example_weight", name -> builder.input(name, Role.INPUT, type));
  }

  private Map<String, Value> gradients(Minimize minimize, Value loss) {
    Map<String, Value> learned = new LinkedHashMap<>();
    for (Graph.Input input : minimize.loss().inputs()) {
      List<String> over = minimize.spec().over();
      boolean chosen = over.isEmpty() || PathPattern.matchesAny(over, input.name());
      boolean floating = input.value().tensor().dtype().isFloating();
      if (input.role() == Role.PARAMETER && chosen && floating) {
        learned.put(input.name(), parameters.get(input.name()));
      }
    }
    Map<Value, Value> found = Autodiff.gradients(builder, loss, List.copyOf(learned.values()));
    Map<String, Value> gradients = new LinkedHashMap<>();
    learned.forEach((name, value) -> gradients.put(name, gradient(name, value, found, minimize)));
    return gradients;
  }

  private Value gradient(String name, Value value, Map<Value, Value> found, Minimize minimize) {
    Value gradient = found.get(value);
    if (gradient != null) {
      return gradient;
    }
    SourceSpan span = value.origin().isEmpty() ? SourceSpan.NONE : value.origin().get(0);
    diagnostics.add(
        Diagnostic.of(
                DiagnosticCode.NO_GRADIENT,
                span,
                minimize.spec().loss() + " does not depend on parameter " + name)
            .withHint(
                "it keeps its first value but for decay; remove it, or leave it out of `over`"));
    return Constant.full(builder, value.tensor().dtype(), value.tensor().shape(), 0);
  }

  private void update(String name, Value gradient, MinimizeSpec spec, String suffix) {
    OptimizerUpdate<?> update = OptimizerUpdate.of(spec.optimizer());
    Value parameter = parameters.get(name);
    Map<String, Value> slots = new LinkedHashMap<>();
    for (String slot : update.slots()) {
      String buffer = name + "/" + slot + suffix;
      slots.put(buffer, builder.input(buffer, Role.OPTIMIZER, parameter.type()));
    }
    Value rate = control("rate" + suffix, DType.F32);
    List<Value> updated =
        update.apply(
            builder,
            parameter,
            gradient,
            rate,
            control("step", DType.I64),
            List.copyOf(slots.values()));
    replace(parameters, name, updated.get(0));
    int next = 1;
    for (Map.Entry<String, Value> slot : slots.entrySet()) {
      buffers.put(slot.getKey(), slot.getValue());
      replace(buffers, slot.getKey(), updated.get(next++));
    }
  }

  private Value control(String name, DType dtype) {
    return controls.computeIfAbsent(
        name, key -> builder.input(key, Role.CONTROL, TensorType.scalar(dtype)));
  }

  /** Remembers the first value of a parameter, state or buffer when it gets a new one. */
  private void replace(Map<String, Value> current, String name, Value value) {
    before.putIfAbsent(name, current.get(name));
    current.put(name, value);
  }

  private Graph finish(List<Minimize> minimizes) {
    results.forEach(builder::output);
    builder.output("finite", finite);
    for (Map.Entry<String, Value> old : before.entrySet()) {
      Value updated = current(old.getKey());
      builder.update(old.getKey(), Select.of(builder, finite, updated, old.getValue()));
    }
    minimizes.stream()
        .flatMap(minimize -> minimize.loss().bounds().stream())
        .distinct()
        .forEach(builder::bound);
    return builder.build();
  }

  private Value current(String name) {
    if (parameters.containsKey(name)) {
      return parameters.get(name);
    }
    return states.containsKey(name) ? states.get(name) : buffers.get(name);
  }
}

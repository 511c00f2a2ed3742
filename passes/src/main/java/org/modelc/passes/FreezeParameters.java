package org.modelc.passes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Inference programs for parameters that do not change any more: what depends on parameters and
 * states alone is computed once and becomes a parameter itself. A batch norm is gone from them, its
 * factor in the weight before it and its shift in a bias.
 *
 * <p>A parameter that was computed bears the name of the first one of its size that it was computed
 * of: the folded weight of a convolution that of its weight.
 */
public final class FreezeParameters {
  /** Composites stay whole, for the backends to claim. */
  private static final Target WHOLE =
      new Target("frozen", (op, attributes, operands) -> true, false);

  private final Map<String, Array> trained;
  private final Map<String, Array> values = new LinkedHashMap<>();
  private final Set<String> direct = new HashSet<>();

  private FreezeParameters(Map<String, Array> trained) {
    this.trained = trained;
  }

  /**
   * Programs and the parameters they read.
   *
   * @param programs in the order given; every tensor they read besides data is a parameter
   * @param values the parameters' values by name
   */
  public record Frozen(List<Graph> programs, Map<String, Array> values) {}

  /**
   * Freezes programs that share parameters.
   *
   * @param programs inference programs that update nothing
   * @param trained parameters and states by name
   */
  public static Frozen freeze(List<Graph> programs, Map<String, Array> trained) {
    FreezeParameters freezing = new FreezeParameters(trained);
    List<HoistPreparation.Split> splits = new ArrayList<>();
    for (Graph program : programs) {
      PassManager manager = new PassManager(WHOLE, PassManager.Listener.NONE);
      splits.add(manager.split(manager.run(Pipeline.INFERENCE.graph(), program)));
    }
    splits.forEach(split -> freezing.keepDirect(split.main()));
    List<Graph> frozen = new ArrayList<>();
    splits.forEach(split -> frozen.add(freezing.frozen(split)));
    return new Frozen(List.copyOf(frozen), freezing.values);
  }

  private void keepDirect(Graph main) {
    for (Graph.Input input : main.inputs()) {
      if (isTrained(input)) {
        direct.add(input.name());
        values.put(input.name(), trained.get(input.name()));
      }
    }
  }

  private static boolean isTrained(Graph.Input input) {
    return input.role() == Role.PARAMETER || input.role() == Role.STATE;
  }

  private Graph frozen(HoistPreparation.Split split) {
    Map<String, String> names = split.prepare() == null ? Map.of() : prepared(split.prepare());
    GraphBuilder builder = new GraphBuilder(split.main().name());
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    for (Graph.Input input : split.main().inputs()) {
      String name = names.getOrDefault(input.name(), input.name());
      boolean fixed = isTrained(input) || input.role() == Role.CONSTANT;
      Role role = fixed ? Role.PARAMETER : input.role();
      rewriter.map(input.value(), builder.input(name, role, input.value().type()));
    }
    split.main().nodes().forEach(rewriter::node);
    rewriter.ends(split.main());
    return builder.build();
  }

  /** Computes what a prepare program gives; names by the program's own. */
  private Map<String, String> prepared(Graph prepare) {
    Map<String, Array> inputs = new LinkedHashMap<>();
    prepare.inputs().forEach(input -> inputs.put(input.name(), trained.get(input.name())));
    Map<String, Array> results =
        GraphInterpreter.run(prepare, inputs, GraphInterpreter.Precision.TYPED);
    Map<Value, Node> producers = prepare.producers();
    Map<String, String> names = new LinkedHashMap<>();
    for (Graph.Output output : prepare.outputs()) {
      String base = base(prepare, output.value(), producers);
      names.put(output.name(), kept(base, results.get(output.name())));
    }
    return names;
  }

  /** The first input of the value's size that it depends on; else the first of all. */
  private static String base(Graph prepare, Value value, Map<Value, Node> producers) {
    Set<Value> read = new HashSet<>();
    collect(value, producers, read);
    List<Graph.Input> inputs =
        prepare.inputs().stream().filter(input -> read.contains(input.value())).toList();
    Dim size = value.tensor().size();
    return inputs.stream()
        .filter(input -> input.value().tensor().size().equals(size))
        .findFirst()
        .orElseGet(() -> inputs.isEmpty() ? prepare.inputs().get(0) : inputs.get(0))
        .name();
  }

  private static void collect(Value value, Map<Value, Node> producers, Set<Value> read) {
    if (read.add(value) && producers.containsKey(value)) {
      producers.get(value).operands().forEach(operand -> collect(operand, producers, read));
    }
  }

  /** The name under which a value is kept: equal values of several programs are one. */
  private String kept(String base, Array value) {
    String name = base;
    for (int other = 2; direct.contains(name) || values.containsKey(name); other++) {
      if (!direct.contains(name) && values.get(name).equals(value)) {
        return name;
      }
      name = base + "_" + other;
    }
    values.put(name, value);
    return name;
  }
}

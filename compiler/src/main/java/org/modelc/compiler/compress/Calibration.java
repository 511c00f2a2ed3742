package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Contraction;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.ModelManifest;

/**
 * Runs the loss function over training rows and looks at what its products read. A weight that
 * several products read has one range for all of them.
 */
final class Calibration {
  private static final String SEPARATOR = "#";

  private final Map<String, ActivationValues> values = new LinkedHashMap<>();

  /**
   * What the products of a program read.
   *
   * @param program the loss function in inference, over frozen parameters
   * @param weights the parameters whose products are looked at
   * @param tensors the frozen parameters
   * @param rows training rows; all are used
   * @return by parameter; those that the program does not read are missing
   */
  static Map<String, ActivationValues> of(
      Graph program,
      Set<String> weights,
      Map<String, Tensor> tensors,
      ModelManifest manifest,
      Dataset rows) {
    Graph observed = observed(program, weights);
    if (observed.outputs().isEmpty()) {
      return Map.of();
    }
    RowRuns runs = new RowRuns(observed, manifest);
    Calibration calibration = new Calibration();
    runs.run(tensors, rows, (name, result) -> calibration.take(name, result, false));
    runs.run(tensors, rows, (name, result) -> calibration.take(name, result, true));
    return calibration.values;
  }

  /** The program with the inputs of products as its outputs, {@code weight#0}, {@code weight#1}… */
  private static Graph observed(Graph program, Set<String> weights) {
    GraphBuilder builder = new GraphBuilder("calibrate");
    GraphRewriter rewriter = new GraphRewriter(builder, GraphRewriter.Rule.KEEP);
    Map<Value, String> names = new java.util.IdentityHashMap<>();
    for (Graph.Input input : program.inputs()) {
      rewriter.input(input);
      names.put(input.value(), input.name());
    }
    program.nodes().forEach(rewriter::node);
    int count = 0;
    for (Node node : program.nodes()) {
      boolean product = node.op() instanceof Contraction<?> && node.operands().size() == 2;
      String weight = product ? names.get(node.operand(1)) : null;
      if (weight != null && weights.contains(weight)) {
        builder.output(weight + SEPARATOR + count, rewriter.value(node.operand(0)));
        count++;
      }
    }
    return builder.build();
  }

  private void take(String name, Tensor result, boolean again) {
    String weight = name.substring(0, name.lastIndexOf(SEPARATOR));
    ActivationValues seen = values.computeIfAbsent(weight, key -> new ActivationValues());
    float[] elements = (float[]) result.values();
    if (again) {
      seen.count(elements, elements.length);
    } else {
      seen.widen(elements, elements.length);
    }
  }

  /** So many rows, evenly spread over a dataset. */
  static Dataset spread(Dataset rows, int wanted) {
    int count = Math.min(wanted, rows.size());
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add((int) ((long) i * rows.size() / count));
    }
    int[] numbers = chosen.stream().mapToInt(Integer::intValue).toArray();
    return new org.modelc.runtime.data.DatasetView(rows, numbers);
  }
}

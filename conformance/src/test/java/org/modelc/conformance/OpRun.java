package org.modelc.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.testkit.OpCase;

/** A sample of an op, or the vjp of one, as a graph with its inputs. */
record OpRun(String name, Graph graph, List<Array> inputs) {
  /** All samples of all ops, forward and backward. */
  static List<OpRun> all() {
    return of(OpCase.all());
  }

  /** All samples of ops of two operands and more, of which all but the first are parameters. */
  static List<OpRun> overWeights() {
    return OpCase.all().stream()
        .filter(opCase -> opCase.sample().operands().size() > 1)
        .map(
            opCase ->
                new OpRun(
                    opCase + " over weights",
                    opCase.forwardOverWeights(),
                    opCase.sample().operands()))
        .toList();
  }

  /** As {@link #all}, in f64. */
  static List<OpRun> wide() {
    List<OpCase<?>> wide = new ArrayList<>();
    OpCase.all().forEach(opCase -> wide.add(opCase.wide()));
    return of(wide);
  }

  private static List<OpRun> of(List<OpCase<?>> cases) {
    List<OpRun> runs = new ArrayList<>();
    for (OpCase<?> opCase : cases) {
      runs.add(new OpRun(opCase + " forward", opCase.forward(), opCase.sample().operands()));
      if (opCase.op().isDifferentiable()) {
        Graph backward = opCase.backward();
        runs.add(new OpRun(opCase + " backward", backward, backwardInputs(opCase, backward)));
      }
    }
    return runs;
  }

  private static List<Array> backwardInputs(OpCase<?> opCase, Graph backward) {
    List<Array> inputs = new ArrayList<>(opCase.sample().operands());
    Random random = new Random(3);
    for (Graph.Input input : backward.inputs().subList(inputs.size(), backward.inputs().size())) {
      Array array =
          Array.zeros(input.value().tensor().dtype(), input.value().tensor().staticShape());
      java.util.Arrays.setAll(array.data(), i -> random.nextInt(64) / 16.0 - 2);
      inputs.add(array);
    }
    return inputs;
  }
}

package org.modelc.conformance;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Sum;
import org.modelc.passes.Autodiff;
import org.modelc.passes.ExpandComposites;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.random.RandomCase;

/** Turns a random graph into the gradient of the sum of its floating outputs by its inputs. */
final class GradientGraph {
  private GradientGraph() {}

  /** The case itself if no gradient flows. */
  static RandomCase of(RandomCase random, DType dtype) {
    Graph forward = new ExpandComposites().run(random.graph(), Target.PLAIN);
    GraphBuilder builder = new GraphBuilder("gradient");
    Map<Value, Value> placed = new IdentityHashMap<>();
    List<Value> wanted = new ArrayList<>();
    for (Graph.Input input : forward.inputs()) {
      Value copy = builder.input(input.name(), input.role(), input.value().type());
      placed.put(input.value(), copy);
      if (copy.tensor().dtype().isFloating()) {
        wanted.add(copy);
      }
    }
    for (Node node : forward.nodes()) {
      List<Value> copies = builder.copy(node, node.operands().stream().map(placed::get).toList());
      for (int i = 0; i < copies.size(); i++) {
        placed.put(node.results().get(i), copies.get(i));
      }
    }
    Value loss = loss(builder, forward, placed, dtype);
    return loss == null ? random : gradients(random, builder, loss, wanted);
  }

  private static Value loss(
      GraphBuilder builder, Graph forward, Map<Value, Value> placed, DType dtype) {
    Value loss = null;
    for (Graph.Output output : forward.outputs()) {
      Value value = placed.get(output.value());
      if (value.tensor().dtype().isFloating()) {
        Value sum = Cast.of(builder, Sum.all(builder, value), dtype);
        loss = loss == null ? sum : Add.of(builder, loss, sum);
      }
    }
    return loss;
  }

  private static RandomCase gradients(
      RandomCase random, GraphBuilder builder, Value loss, List<Value> wanted) {
    Map<Value, Value> gradients = Autodiff.gradients(builder, loss, wanted);
    builder.output("loss", loss);
    for (Value value : wanted) {
      if (gradients.containsKey(value)) {
        builder.output("gradient_" + value.hint(), gradients.get(value));
      }
    }
    return new RandomCase(random.seed(), builder.build(), random.inputs());
  }
}

package org.modelc.passes.compress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Contraction;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A parameter that a matrix product or convolution reads as its weight.
 *
 * @param parameter its name
 * @param type its type
 * @param axis the axis of channels: sums run over the other axes
 */
public record WeightSite(String parameter, TensorType type, int axis) {
  /** How many products a sum has. */
  public long terms() {
    return type.dim(axis).is(0) ? 0 : type.size().value() / type.dim(axis).value();
  }

  /** The weights of programs by name, in the order they are read; scales may differ by channel. */
  public static Map<String, WeightSite> of(List<Graph> programs) {
    Map<String, WeightSite> sites = new LinkedHashMap<>();
    for (Graph program : programs) {
      Map<Value, Graph.Input> parameters = parameters(program);
      for (Node node : program.nodes()) {
        Graph.Input input = isContraction(node) ? parameters.get(node.operand(1)) : null;
        if (input != null) {
          TensorType type = input.value().tensor();
          int axis = channels(node);
          if (axis >= 0 && type.dtype().isFloating() && type.isStatic()) {
            sites.putIfAbsent(input.name(), new WeightSite(input.name(), type, axis));
          }
        }
      }
    }
    return sites;
  }

  private static Map<Value, Graph.Input> parameters(Graph program) {
    Map<Value, Graph.Input> parameters = new java.util.IdentityHashMap<>();
    for (Graph.Input input : program.inputs()) {
      if (input.role() == Role.PARAMETER) {
        parameters.put(input.value(), input);
      }
    }
    return parameters;
  }

  static boolean isContraction(Node node) {
    return node.op() instanceof Contraction<?> && node.operands().size() == 2;
  }

  /** The axis of a contraction's weight that an axis of its result runs over; -1 without one. */
  @SuppressWarnings("unchecked")
  private static int channels(Node node) {
    List<ValueType> types = node.operands().stream().map(Value::type).toList();
    Contraction<Record> op = (Contraction<Record>) node.op();
    return IntStream.range(0, node.result().tensor().rank())
        .map(axis -> op.weightAxis(node.attributes(), types, axis))
        .filter(axis -> axis >= 0)
        .findFirst()
        .orElse(-1);
  }
}

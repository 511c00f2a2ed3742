package org.modelc.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.Contraction;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Divide;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Negate;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;

/**
 * Chains of sums and products with prepared values that start at a contraction, every value between
 * used once, all along one axis of the result that is an axis of the weight.
 */
final class AffineChains {
  private final Map<Value, Node> producers;
  private final Map<Value, Integer> uses;
  private final Set<Value> prepared;
  private final Map<Node, Chain> tops = new IdentityHashMap<>();

  AffineChains(Graph graph) {
    producers = graph.producers();
    uses = graph.useCounts();
    prepared = PreparedValues.of(graph);
    Map<Value, Chain> chains = new IdentityHashMap<>();
    for (Node node : graph.nodes()) {
      Chain chain = chain(node, chains);
      if (chain != null) {
        chains.put(node.result(), chain);
        chain.steps().forEach(step -> tops.remove(step.node()));
        tops.put(node, chain);
      }
    }
    tops.values().removeIf(chain -> !chain.isWorthFolding());
  }

  /** The last node of each chain worth folding. */
  Map<Node, Chain> tops() {
    return tops;
  }

  private Chain chain(Node node, Map<Value, Chain> chains) {
    Kind kind = Kind.of(node);
    if (kind == null) {
      return null;
    }
    Chain direct = extended(node, kind, node.operand(0), node.operand(1), chains);
    boolean commutes = kind == Kind.ADD || kind == Kind.MULTIPLY;
    return direct != null || !commutes
        ? direct
        : extended(node, kind, node.operand(1), node.operand(0), chains);
  }

  private Chain extended(Node node, Kind kind, Value from, Value by, Map<Value, Chain> chains) {
    Chain before = chains.containsKey(from) ? chains.get(from) : start(from);
    Step step = before == null || uses.get(from) != 1 ? null : step(node, kind, by);
    if (step == null || (before.axis() >= 0 && before.axis() != step.axis())) {
      return null;
    }
    Contraction<?> op = (Contraction<?>) before.contraction().op();
    int weightAxis = weightAxis(op, before.contraction(), step.axis());
    if (weightAxis < 0) {
      return null;
    }
    List<Step> steps = new ArrayList<>(before.steps());
    steps.add(step);
    return new Chain(before.contraction(), step.axis(), weightAxis, List.copyOf(steps));
  }

  @SuppressWarnings("unchecked")
  private static int weightAxis(Contraction<?> op, Node node, int axis) {
    List<ValueType> operands = node.operands().stream().map(Value::type).toList();
    return ((Contraction<Record>) op).weightAxis(node.attributes(), operands, axis);
  }

  private Chain start(Value value) {
    Node node = producers.get(value);
    boolean starts =
        node != null
            && FoldBatchNorm.isContraction(node)
            && prepared.contains(node.operand(1))
            && !prepared.contains(node.operand(0));
    return starts ? new Chain(node, -1, -1, List.of()) : null;
  }

  /** A step by a prepared value that was broadcast along all axes but one; null if it was not. */
  private Step step(Node node, Kind kind, Value by) {
    Node broadcast = producers.get(by);
    if (broadcast == null || !(broadcast.op() instanceof Broadcast)) {
      return null;
    }
    Value small = broadcast.operand(0);
    List<Dim> shape = small.tensor().shape();
    int added = by.tensor().rank() - shape.size();
    int axis = -1;
    for (int i = 0; i < shape.size(); i++) {
      if (!shape.get(i).is(1)) {
        if (axis >= 0) {
          return null;
        }
        axis = added + i;
      }
    }
    return axis >= 0 && prepared.contains(small) ? new Step(node, kind, small, axis) : null;
  }

  /** What a step does. */
  enum Kind {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE;

    static Kind of(Node node) {
      if (node.op() instanceof Add) {
        return ADD;
      } else if (node.op() instanceof Subtract) {
        return SUBTRACT;
      } else if (node.op() instanceof Multiply) {
        return MULTIPLY;
      }
      return node.op() instanceof Divide ? DIVIDE : null;
    }
  }

  /**
   * One operation of a chain.
   *
   * @param by the prepared operand before it was broadcast
   * @param axis the axis of the result it runs along
   */
  record Step(Node node, Kind kind, Value by, int axis) {
    /** The operand as a vector in the new graph. */
    Value vector(GraphBuilder builder, GraphRewriter rewriter) {
      Value value = rewriter.value(by);
      return Reshape.of(builder, value, List.of(value.tensor().size()));
    }

    /** The sum of shifts with this one's operand; the first may be null. */
    Value shifted(GraphBuilder builder, Value shift, Value operand) {
      if (kind == Kind.ADD) {
        return shift == null ? operand : Add.of(builder, shift, operand);
      }
      return shift == null ? Negate.of(builder, operand) : Subtract.of(builder, shift, operand);
    }

    /** The product of factors with this one's operand; the first may be null. */
    Value scaled(GraphBuilder builder, Value factor, Value operand) {
      if (kind == Kind.MULTIPLY) {
        return factor == null ? operand : Multiply.of(builder, factor, operand);
      }
      Value start = factor == null ? one(builder, operand) : factor;
      return Divide.of(builder, start, operand);
    }

    private static Value one(GraphBuilder builder, Value like) {
      return org.modelc.ir.ops.Constant.like(builder, like, 1);
    }
  }

  /**
   * A contraction and what is done to its result, in order.
   *
   * @param axis the axis of the result
   * @param weightAxis the axis of the weight
   */
  record Chain(Node contraction, int axis, int weightAxis, List<Step> steps) {
    /** A lone bias is as good as it is. */
    boolean isWorthFolding() {
      return steps.size() > 1 || steps.stream().anyMatch(Chain::scales);
    }

    private static boolean scales(Step step) {
      return step.kind() == Kind.MULTIPLY || step.kind() == Kind.DIVIDE;
    }

    Value alongWeight(GraphBuilder builder, Value vector) {
      return along(builder, vector, contraction.operand(1).tensor().shape(), weightAxis);
    }

    Value alongResult(GraphBuilder builder, Value vector) {
      return along(builder, vector, contraction.result().tensor().shape(), axis);
    }

    private static Value along(GraphBuilder builder, Value vector, List<Dim> shape, int axis) {
      List<Dim> wide = new ArrayList<>(Collections.nCopies(shape.size() - axis, Dim.ONE));
      wide.set(0, vector.tensor().dim(0));
      return Broadcast.of(builder, Reshape.of(builder, vector, wide), shape);
    }
  }
}

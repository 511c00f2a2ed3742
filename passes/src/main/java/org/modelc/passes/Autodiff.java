package org.modelc.passes;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Constant;

/**
 * Reverse-mode differentiation (Griewank and Walther, Evaluating Derivatives, 2008): walks the
 * nodes from the loss back, and lets each op's vector-Jacobian product build the cotangents of its
 * operands.
 *
 * <p>Only nodes between the wanted values and the loss are visited. Cotangents of integers and
 * booleans are dropped, and ops that are not differentiable end the way.
 */
public final class Autodiff {
  private final GraphBuilder builder;
  private final Map<Value, Value> cotangents = new IdentityHashMap<>();
  private final Set<Value> active;

  private Autodiff(GraphBuilder builder, Set<Value> active) {
    this.builder = builder;
    this.active = active;
  }

  /**
   * Builds the gradients of a scalar.
   *
   * @param builder holds the nodes that compute the loss; the gradients' nodes are added to it
   * @param loss a floating scalar
   * @param wanted the values to differentiate by
   * @return the gradient of each wanted value; those that the loss does not depend on are left out
   */
  public static Map<Value, Value> gradients(GraphBuilder builder, Value loss, List<Value> wanted) {
    if (loss.tensor().rank() != 0 || !loss.tensor().dtype().isFloating()) {
      throw new IllegalArgumentException("only a floating scalar has a gradient, not " + loss);
    }
    List<Node> nodes = builder.nodes();
    Autodiff autodiff = new Autodiff(builder, active(nodes, wanted));
    Value one = Constant.scalar(builder, loss.tensor().dtype(), 1);
    autodiff.cotangents.put(loss, one);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      autodiff.node(nodes.get(i));
    }
    Map<Value, Value> gradients = new IdentityHashMap<>();
    for (Value value : wanted) {
      Value gradient = autodiff.cotangents.get(value);
      if (gradient != null) {
        gradients.put(value, gradient);
      }
    }
    return gradients;
  }

  /** Composites without a rule of their own; they are to be expanded before. */
  static boolean lacksRule(OpDef<?> op) {
    return op instanceof CompositeOp<?> && !hasOwnVjp(op);
  }

  private static boolean hasOwnVjp(OpDef<?> op) {
    try {
      return op.getClass().getMethod("vjp", VjpCall.class).getDeclaringClass() != OpDef.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The values that depend on the wanted ones by way of differentiable ops. */
  private static Set<Value> active(List<Node> nodes, List<Value> wanted) {
    Set<Value> active = Collections.newSetFromMap(new IdentityHashMap<>());
    active.addAll(wanted);
    for (Node node : nodes) {
      if (node.op().isDifferentiable() && node.operands().stream().anyMatch(active::contains)) {
        node.results().stream().filter(Autodiff::isFloating).forEach(active::add);
      }
    }
    return active;
  }

  private static boolean isFloating(Value value) {
    return value.tensor().dtype().isFloating();
  }

  private void node(Node node) {
    boolean reached = node.results().stream().anyMatch(cotangents::containsKey);
    boolean leads =
        node.op().isDifferentiable() && node.operands().stream().anyMatch(active::contains);
    if (!reached || !leads) {
      return;
    }
    List<SourceSpan> before = builder.origin();
    builder.at(node.results().get(0).origin());
    List<Value> flowing = vjp(node);
    for (int i = 0; i < flowing.size(); i++) {
      Value operand = node.operand(i);
      if (flowing.get(i) != null && active.contains(operand) && isFloating(operand)) {
        cotangents.merge(operand, flowing.get(i), (a, b) -> Add.of(builder, a, b));
      }
    }
    builder.at(before);
  }

  @SuppressWarnings("unchecked")
  private List<Value> vjp(Node node) {
    // A result without a cotangent gives null: nothing flows from it.
    List<Value> given = node.results().stream().map(cotangents::get).toList();
    VjpCall<Record> call =
        new VjpCall<>(builder, node.attributes(), node.operands(), node.results(), given);
    List<Value> flowing = ((OpDef<Record>) node.op()).vjp(call);
    if (flowing == null) {
      throw new IllegalStateException(
          node.op().name() + " has no vector-Jacobian product; it should have been expanded");
    }
    return flowing;
  }
}

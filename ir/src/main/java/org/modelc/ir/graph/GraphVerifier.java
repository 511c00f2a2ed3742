package org.modelc.ir.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.type.StructType;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Checks a graph's invariants:
 *
 * <ol>
 *   <li>every value is defined once: as an input or as one node's result;
 *   <li>every operand and output is defined before its use, in the same graph (regions are isolated
 *       from above);
 *   <li>every node's results have the types that its op infers from its operands;
 *   <li>every dynamic dim that a node, output or bound speaks of occurs in an input's type, so that
 *       it can be bound at entry;
 *   <li>inputs are named once within their role, outputs once;
 *   <li>an input's role is one the caller can fill: not output or workspace;
 *   <li>each name is updated at most once; if it is an input's, then of a parameter, state or
 *       optimiser buffer, and the types are the same (initialisers update what they do not read);
 *   <li>a bound's minimum is not above its maximum;
 *   <li>all of this holds in every region.
 * </ol>
 */
public final class GraphVerifier {
  private final Graph graph;
  private final Set<Value> defined = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> dims = new HashSet<>();

  private GraphVerifier(Graph graph) {
    this.graph = graph;
  }

  /**
   * Checks a graph and its regions.
   *
   * @return the same graph
   * @throws InvalidGraphException naming the node and the invariant
   */
  public static Graph verify(Graph graph) {
    return verify(graph, Set.of());
  }

  /** Checks a region, whose dims may be bound outside. */
  private static Graph verify(Graph graph, Set<String> outerDims) {
    GraphVerifier verifier = new GraphVerifier(graph);
    verifier.dims.addAll(outerDims);
    verifier.inputs();
    graph.nodes().forEach(verifier::node);
    verifier.outputs();
    graph.bounds().forEach(verifier::bound);
    return graph;
  }

  private InvalidGraphException failure(String message) {
    return new InvalidGraphException("graph " + graph.name() + ": " + message);
  }

  private InvalidGraphException failure(Node node, String message) {
    return failure(message + "\n  in " + GraphPrinter.print(graph, node));
  }

  private void inputs() {
    Set<String> names = new HashSet<>();
    for (Graph.Input input : graph.inputs()) {
      if (!names.add(input.role() + " " + input.name())) {
        throw failure("two inputs are named " + input.name() + " as " + input.role());
      }
      if (input.role() == Role.OUTPUT || input.role() == Role.WORKSPACE) {
        throw failure("input " + input.name() + " has the role " + input.role());
      }
      if (!defined.add(input.value())) {
        throw failure("input " + input.name() + " has the value of another input");
      }
      collectDims(input.value().type());
    }
  }

  private void collectDims(ValueType type) {
    if (type instanceof StructType struct) {
      struct.fields().forEach(field -> collectDims(field.type()));
    } else {
      type.tensor().shape().forEach(dim -> dims.addAll(dim.symbols()));
    }
  }

  private void node(Node node) {
    for (int i = 0; i < node.operands().size(); i++) {
      if (!defined.contains(node.operand(i))) {
        throw failure(node, "operand " + i + " is used before it is defined, or defined elsewhere");
      }
    }
    node.regions().forEach(region -> verify(region, dims));
    types(node, node.op());
    for (Value result : node.results()) {
      if (!defined.add(result)) {
        throw failure(node, "a result is defined twice");
      }
      String unbound = unboundDim(result.type());
      if (unbound != null) {
        throw failure(node, "dim " + unbound + " occurs in no input, so nothing binds it");
      }
    }
  }

  @SuppressWarnings("unchecked")
  private <A extends Record> void types(Node node, OpDef<A> op) {
    if (!op.attributesType().isInstance(node.attributes())) {
      throw failure(node, "attributes are " + node.attributes().getClass().getSimpleName());
    }
    List<ValueType> operands = node.operands().stream().map(Value::type).toList();
    List<ValueType> results = node.results().stream().map(Value::type).toList();
    try {
      List<ValueType> inferred =
          op.infer(new Call<>((A) node.attributes(), operands, node.regions()));
      if (!inferred.equals(results)) {
        throw failure(node, "results should be " + inferred + ", are " + results);
      }
    } catch (OpException e) {
      throw failure(node, e.getMessage());
    }
  }

  private String unboundDim(ValueType type) {
    if (type instanceof TensorType tensor) {
      for (Dim dim : tensor.shape()) {
        for (String symbol : dim.symbols()) {
          if (!dims.contains(symbol)) {
            return symbol;
          }
        }
      }
    }
    return null;
  }

  private void outputs() {
    Set<String> names = new HashSet<>();
    for (Graph.Output output : graph.outputs()) {
      if (!defined.contains(output.value())) {
        throw failure("output " + output.name() + " is not defined here");
      }
      if (!names.add(output.name())) {
        throw failure("two outputs are named " + output.name());
      }
      if (output.updates() != null) {
        update(output);
      }
    }
  }

  private void update(Graph.Output output) {
    List<Graph.Input> named =
        graph.inputs().stream().filter(input -> input.name().equals(output.updates())).toList();
    List<Graph.Input> updatable =
        named.stream().filter(input -> isUpdatable(input.role())).toList();
    if (updatable.isEmpty() && !named.isEmpty()) {
      throw failure("update of " + output.updates() + ", which is " + named.get(0).role());
    }
    for (Graph.Input input : updatable) {
      if (!input.value().type().equals(output.value().type())) {
        throw failure(
            "update of "
                + input.name()
                + ": "
                + input.value().type()
                + " by "
                + output.value().type());
      }
    }
  }

  private static boolean isUpdatable(Role role) {
    return switch (role) {
      case PARAMETER, STATE, OPTIMIZER -> true;
      case INPUT, CONTROL, CONSTANT, OUTPUT, WORKSPACE -> false;
    };
  }

  private void bound(Bound bound) {
    if (bound.minimum() > bound.maximum()) {
      throw failure(
          "dim " + bound.dim() + " must be from " + bound.minimum() + " to " + bound.maximum());
    }
    for (String symbol : bound.dim().symbols()) {
      if (!dims.contains(symbol)) {
        throw failure(
            "the bound on " + bound.dim() + " speaks of " + symbol + ", which no input has");
      }
    }
  }
}

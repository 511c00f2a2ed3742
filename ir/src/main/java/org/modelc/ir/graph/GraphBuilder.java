package org.modelc.ir.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.RecordShape;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Builds a {@link Graph} node by node. Result types are inferred at each step, and a pure node
 * equal to an earlier one is not built twice (random and region-owning nodes always are).
 */
public final class GraphBuilder {
  private final String name;
  private final List<Graph.Input> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Graph.Output> outputs = new ArrayList<>();
  private final List<Bound> bounds = new ArrayList<>();
  private final Map<Key, List<Value>> known = new LinkedHashMap<>();
  private final Map<Value, Node> producers = new IdentityHashMap<>();
  private List<SourceSpan> origin = List.of();
  private String hint = "";

  public GraphBuilder(String name) {
    this.name = name;
  }

  /**
   * What a node computes; attributes as a list, since a record's own hash code is slow to start.
   */
  private record Key(OpDef<?> op, List<Object> attributes, List<Value> operands) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && op.equals(key.op)
          && operands.equals(key.operands)
          && attributes.equals(key.attributes);
    }

    @Override
    public int hashCode() {
      return (operands.hashCode() * 31 + attributes.hashCode()) * 31 + op.hashCode();
    }
  }

  /** Declares the next input. Names are unique within a role's namespace of the program. */
  public Value input(String inputName, Role role, ValueType type) {
    Value value = new Value(type, inputName, origin);
    inputs.add(new Graph.Input(inputName, role, value));
    return value;
  }

  /** Sets the source places of the nodes that follow, until set again. */
  public GraphBuilder at(List<SourceSpan> spans) {
    origin = List.copyOf(spans);
    return this;
  }

  /** The source places given to nodes now. */
  public List<SourceSpan> origin() {
    return origin;
  }

  /** Names the results of the next node, for the reader. */
  public GraphBuilder hint(String nextHint) {
    hint = nextHint;
    return this;
  }

  /** Adds a node without regions and gives its results. */
  public <A extends Record> List<Value> add(OpDef<A> op, A attributes, List<Value> operands) {
    return add(op, attributes, operands, List.of());
  }

  /**
   * Adds a node and gives its results.
   *
   * @throws org.modelc.ir.op.OpException if the operands do not fit the op
   */
  public <A extends Record> List<Value> add(
      OpDef<A> op, A attributes, List<Value> operands, List<Graph> regions) {
    boolean mergeable = !op.isRandom() && regions.isEmpty();
    Key key = new Key(op, RecordShape.values(attributes), List.copyOf(operands));
    if (mergeable && known.containsKey(key)) {
      return known.get(key);
    }
    List<ValueType> operandTypes = operands.stream().map(Value::type).toList();
    Call<A> call = new Call<>(attributes, operandTypes, regions);
    List<ValueType> types = op.infer(call);
    op.bounds(call).forEach(this::bound);
    List<Value> results = new ArrayList<>();
    for (ValueType type : types) {
      results.add(new Value(type, hint, origin));
    }
    hint = "";
    Node node = new Node(op, attributes, operands, regions, results);
    nodes.add(node);
    results.forEach(result -> producers.put(result, node));
    if (mergeable) {
      known.put(key, List.copyOf(results));
    }
    return List.copyOf(results);
  }

  /** Adds a node like another one, over other operands. */
  @SuppressWarnings("unchecked")
  public List<Value> copy(Node node, List<Value> operands) {
    List<SourceSpan> before = origin;
    origin = node.results().isEmpty() ? origin : node.results().get(0).origin();
    hint = node.results().isEmpty() ? "" : node.results().get(0).hint();
    List<Value> results =
        add((OpDef<Record>) node.op(), node.attributes(), operands, node.regions());
    origin = before;
    hint = "";
    return results;
  }

  /** The node that defines a value; null for inputs. */
  public Node producer(Value value) {
    return producers.get(value);
  }

  /** The nodes so far, in order. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  public void output(String outputName, Value value) {
    outputs.add(new Graph.Output(outputName, value, null));
  }

  /** Declares an output that is the new value of an input. */
  public void update(String inputName, Value value) {
    outputs.add(new Graph.Output(inputName + "'", value, inputName));
  }

  /** Declares what must hold of dynamic dims at each call. */
  public void bound(Bound bound) {
    if (!bounds.contains(bound)) {
      bounds.add(bound);
    }
  }

  public Graph build() {
    return new Graph(name, inputs, nodes, outputs, bounds);
  }
}

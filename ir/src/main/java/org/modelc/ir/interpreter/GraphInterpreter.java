package org.modelc.ir.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeDims;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Runs a graph by its ops' {@code eval}, expanding composites: what every backend is compared with.
 * It never lowers.
 */
public final class GraphInterpreter {
  /** How floating results are kept. */
  public enum Precision {
    /** In float64, whatever the types say. */
    EXACT,
    /** Rounded to each value's type after each node. */
    TYPED
  }

  private final Precision precision;

  private GraphInterpreter(Precision precision) {
    this.precision = precision;
  }

  /**
   * Runs a graph.
   *
   * @param inputs by the graph's input names
   * @return by output name; an update's name is the input's with {@code '} added
   * @throws InterpreterException if an input is missing or does not fit
   */
  public static Map<String, Array> run(
      Graph graph, Map<String, Array> inputs, Precision precision) {
    List<Array> ordered = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      Array array = inputs.get(input.name());
      if (array == null) {
        throw new InterpreterException(
            graph.name() + " needs the input " + input.name() + "; given: " + inputs.keySet());
      }
      ordered.add(array);
    }
    List<Array> results = run(graph, ordered, precision);
    Map<String, Array> outputs = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.put(graph.outputs().get(i).name(), results.get(i));
    }
    return outputs;
  }

  /** Runs a graph on inputs in its order and gives outputs in its order. */
  public static List<Array> run(Graph graph, List<Array> inputs, Precision precision) {
    return new GraphInterpreter(precision).run(graph, inputs);
  }

  private List<Array> run(Graph graph, List<Array> inputs) {
    if (inputs.size() != graph.inputs().size()) {
      throw new InterpreterException(
          graph.name() + " takes " + graph.inputs().size() + " inputs, given " + inputs.size());
    }
    Map<String, Dim> dims = DimBinding.of(graph, inputs);
    Map<Value, Array> values = new IdentityHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i).value(), rounded(inputs.get(i)));
    }
    for (Node node : graph.nodes()) {
      List<Array> operands = node.operands().stream().map(values::get).toList();
      List<Array> results = results(node, operands, dims);
      for (int i = 0; i < results.size(); i++) {
        values.put(node.results().get(i), results.get(i));
      }
    }
    return graph.outputs().stream().map(output -> values.get(output.value())).toList();
  }

  private List<Array> results(Node node, List<Array> operands, Map<String, Dim> dims) {
    List<TensorType> types = new ArrayList<>();
    for (Value result : node.results()) {
      List<Dim> shape = new ArrayList<>();
      result.tensor().shape().forEach(dim -> shape.add(dim.substitute(dims)));
      types.add(result.tensor().withShape(shape));
    }
    Record attributes = AttributeDims.substitute(node.attributes(), dims);
    List<Array> results = apply(node, attributes, operands, types);
    check(node, types, results);
    return results.stream().map(this::rounded).toList();
  }

  @SuppressWarnings("unchecked")
  private List<Array> apply(
      Node node, Record attributes, List<Array> operands, List<TensorType> types) {
    if (node.op() instanceof PrimitiveOp<?> op) {
      PrimitiveOp<Record> primitive = (PrimitiveOp<Record>) op;
      return primitive.eval(new EvalCall<>(attributes, operands, types, node.regions()));
    }
    CompositeOp<Record> composite = (CompositeOp<Record>) node.op();
    return run(expansion(composite, attributes, operands), operands);
  }

  /** Runs a composite on operands, each step rounded to its type. */
  @SuppressWarnings("unchecked")
  static List<Array> run(CompositeOp<?> op, Record attributes, List<Array> operands) {
    Graph graph = expansion((CompositeOp<Record>) op, attributes, operands);
    return run(graph, operands, Precision.TYPED);
  }

  /** A composite's expansion as a graph of its own over static shapes. */
  public static <A extends Record> Graph expansion(
      CompositeOp<A> op, A attributes, List<Array> operands) {
    GraphBuilder builder = new GraphBuilder(op.name());
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Array operand = operands.get(i);
      TensorType type = TensorType.of(operand.dtype(), operand.shape());
      inputs.add(builder.input("operand" + i, Role.INPUT, type));
    }
    List<Value> results = op.expand(builder, attributes, inputs);
    for (int i = 0; i < results.size(); i++) {
      builder.output("result" + i, results.get(i));
    }
    return builder.build();
  }

  private static void check(Node node, List<TensorType> types, List<Array> results) {
    boolean fits = types.size() == results.size();
    for (int i = 0; fits && i < types.size(); i++) {
      fits =
          types.get(i).dtype() == results.get(i).dtype()
              && Arrays.equals(types.get(i).staticShape(), results.get(i).shape());
    }
    if (!fits) {
      List<String> got = results.stream().map(r -> r.dtype() + Arrays.toString(r.shape())).toList();
      throw new InterpreterException(
          node.op() + " gave " + got + " where " + types + " was inferred");
    }
  }

  private Array rounded(Array array) {
    if (precision == Precision.EXACT) {
      return array;
    }
    double[] data = new double[array.size()];
    Arrays.setAll(data, i -> ScalarFunctions.round(array.dtype(), array.data()[i]));
    return new Array(array.dtype(), array.shape(), data);
  }

  /** The result of one op on arrays, for tests and constant folding. */
  public static <A extends Record> List<Array> apply(
      OpDef<A> op, A attributes, List<Array> operands, Precision precision) {
    GraphBuilder builder = new GraphBuilder(op.name());
    Map<String, Array> inputs = new LinkedHashMap<>();
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Array operand = operands.get(i);
      inputs.put("operand" + i, operand);
      TensorType type = TensorType.of(operand.dtype(), operand.shape());
      values.add(builder.input("operand" + i, Role.INPUT, type));
    }
    List<Value> results = builder.add(op, attributes, values);
    for (int i = 0; i < results.size(); i++) {
      builder.output("result" + i, results.get(i));
    }
    return List.copyOf(run(builder.build(), inputs, precision).values());
  }
}

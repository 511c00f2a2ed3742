package org.modelc.testkit;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.Sample;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** An op with one of its samples, as graphs. */
public record OpCase<A extends Record>(OpDef<A> op, Sample<A> sample) {
  /** Every op's every sample. */
  public static List<OpCase<?>> all() {
    List<OpCase<?>> cases = new ArrayList<>();
    OpRegistry.all().forEach(op -> addAll(op, cases));
    return cases;
  }

  private static <A extends Record> void addAll(OpDef<A> op, List<OpCase<?>> cases) {
    op.samples().forEach(sample -> cases.add(new OpCase<>(op, sample)));
  }

  /** The case with f64 operands in place of f32 ones. */
  public OpCase<A> wide() {
    List<Array> wide =
        sample.operands().stream()
            .map(each -> each.dtype() == DType.F32 ? each.withDtype(DType.F64) : each)
            .toList();
    return new OpCase<>(op, Sample.of(sample.name() + ", f64", sample.attributes(), wide));
  }

  /** The op alone: inputs {@code operand0…}, outputs {@code result0…}. */
  public Graph forward() {
    return forward(Role.INPUT);
  }

  /** The same with all operands but the first as parameters: what a layer's weights are. */
  public Graph forwardOverWeights() {
    return forward(Role.PARAMETER);
  }

  private Graph forward(Role others) {
    GraphBuilder builder = new GraphBuilder(op.name());
    outputs(builder, "result", builder.add(op, sample.attributes(), operands(builder, others)));
    return builder.build();
  }

  /** The sample's {@link #backward(Graph)}. */
  public Graph backward() {
    return backward(forward());
  }

  /**
   * The vjp of a graph's only node: its inputs, then {@code cotangent0…} for floating results;
   * outputs {@code gradient0…} for operands with a gradient.
   */
  @SuppressWarnings("unchecked")
  public static Graph backward(Graph forward) {
    Node node = forward.nodes().get(0);
    GraphBuilder builder = new GraphBuilder(forward.name() + ".vjp");
    List<Value> operands = new ArrayList<>();
    for (Graph.Input input : forward.inputs()) {
      operands.add(builder.input(input.name(), input.role(), input.value().type()));
    }
    List<Value> results = builder.copy(node, operands);
    List<Value> cotangents = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      TensorType type = results.get(i).tensor();
      boolean flows = type.dtype().isFloating();
      cotangents.add(flows ? builder.input("cotangent" + i, Role.INPUT, type) : null);
    }
    ReverseMode reverse = new ReverseMode(builder);
    OpDef<Record> op = (OpDef<Record>) node.op();
    List<Value> gradients = reverse.vjp(op, node.attributes(), operands, results, cotangents);
    outputs(builder, "gradient", gradients);
    return builder.build();
  }

  private List<Value> operands(GraphBuilder builder, Role others) {
    List<Value> operands = new ArrayList<>();
    for (Array array : sample.operands()) {
      TensorType type = TensorType.of(array.dtype(), array.shape());
      Role role = operands.isEmpty() ? Role.INPUT : others;
      operands.add(builder.input("operand" + operands.size(), role, type));
    }
    return operands;
  }

  private static void outputs(GraphBuilder builder, String name, List<Value> values) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        builder.output(name + i, values.get(i));
      }
    }
  }

  @Override
  public String toString() {
    return op + ": " + sample.name();
  }
}

package org.modelc.passes.compress;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeDims;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.ScaledDotProductAttention;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;

/**
 * Takes indices out of a program: channels, hidden units or heads, with all rows and columns that
 * belong to them. What is left is an ordinary program of smaller shapes.
 */
public final class RemoveIndices {
  /** Ops whose attributes are a shape and no other dim. */
  private static final Set<Class<?>> SHAPED =
      Set.of(Broadcast.class, Constant.class, Reshape.class);

  private final KeptIndices kept;
  private final GraphBuilder builder;

  private RemoveIndices(Graph program, KeptIndices kept) {
    this.kept = kept;
    this.builder = new GraphBuilder(program.name());
  }

  /**
   * The program over what is left of its parameters.
   *
   * @param kept from the factors of this very graph
   */
  public static Graph of(Graph program, KeptIndices kept) {
    return new RemoveIndices(program, kept).rewrite(program);
  }

  private Graph rewrite(Graph program) {
    GraphRewriter rewriter = new GraphRewriter(builder, this::smaller);
    for (Graph.Input input : program.inputs()) {
      TensorType type = input.value().tensor();
      builder.at(input.value().origin());
      Value value =
          builder.input(input.name(), input.role(), type.withShape(kept.shape(input.value())));
      rewriter.map(input.value(), value);
    }
    builder.at(List.of());
    program.nodes().forEach(rewriter::node);
    for (Graph.Output output : program.outputs()) {
      Value value = rewriter.value(output.value());
      if (output.updates() != null && kept.isUniform(output.value())) {
        builder.update(output.updates(), filling(value, kept.shape(output.updates())));
      } else if (output.updates() != null) {
        builder.update(output.updates(), value);
      } else {
        builder.output(output.name(), value);
      }
    }
    program.bounds().forEach(builder::bound);
    return builder.build();
  }

  /** A value of one number everywhere, under another shape. */
  private Value filling(Value uniform, List<Dim> shape) {
    if (uniform.tensor().shape().equals(shape)) {
      return uniform;
    }
    Node producer = builder.producer(uniform);
    if (producer.op() instanceof Broadcast) {
      Value from = producer.operand(0);
      return from.tensor().rank() == 0 ? Broadcast.of(builder, from, shape) : filling(from, shape);
    }
    Constant.Attributes constant = (Constant.Attributes) producer.attributes();
    double number = constant.data().elements()[0];
    return Constant.full(builder, constant.dtype(), shape, number);
  }

  /** The operands, those of one number everywhere in the shape that the result has. */
  private List<Value> fitting(Node node, List<Value> operands) {
    List<Value> fitting = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      boolean fills = AxisTies.isPointwise(node.op()) && kept.isUniform(node.operand(i));
      fitting.add(fills ? filling(operands.get(i), kept.shape(node.result())) : operands.get(i));
    }
    return fitting;
  }

  private List<Value> smaller(Node node, List<Value> operands, GraphBuilder into) {
    Record attributes = attributes(node);
    Node changed = new Node(node.op(), attributes, node.operands(), node.regions(), node.results());
    List<Value> results = into.copy(changed, fitting(node, operands));
    for (int i = 0; i < results.size(); i++) {
      List<Dim> expected = kept.shape(node.results().get(i));
      if (!results.get(i).tensor().shape().equals(expected)) {
        throw new IllegalStateException(
            node.op().name() + " gives " + results.get(i) + ", where " + expected + " is left");
      }
    }
    return results;
  }

  private Record attributes(Node node) {
    if (SHAPED.contains(node.op().getClass()) || node.op().isRandom()) {
      Iterator<Dim> shape = kept.shape(node.result()).iterator();
      return AttributeDims.map(node.attributes(), dim -> shape.next());
    }
    if (node.attributes() instanceof ScaledDotProductAttention.Attributes old) {
      int last = node.result().tensor().rank() - 1;
      int heads = old.heads() == 1 ? 1 : kept.outermost(node.result(), last, old.heads());
      return new ScaledDotProductAttention.Attributes(heads, old.causal(), old.scale());
    }
    return node.attributes();
  }
}

package org.modelc.passes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;

/**
 * Computes nodes of constants by their ops' definitions, rounded to the values' types. Elementwise
 * ops of single numbers are folded whatever their shape, also a dynamic one; others up to a size.
 */
public final class ConstantFold implements GraphPass {
  /** Larger constants would grow the program more than they save. */
  private static final long LARGEST = 4096;

  @Override
  public String name() {
    return "constant-fold";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.COMPOSITES_EXPANDED);
  }

  @Override
  public Graph run(Graph graph, Target target) {
    boolean[] changed = {false};
    Graph folded =
        GraphRewriter.rewrite(
            graph,
            (node, operands, builder) -> {
              List<Value> results = folded(node, operands, builder);
              changed[0] |= results != null;
              return results;
            });
    return changed[0] ? folded : graph;
  }

  private static List<Value> folded(Node node, List<Value> operands, GraphBuilder builder) {
    if (!isFoldable(node)) {
      return null;
    }
    List<Constant.Attributes> constants = new ArrayList<>();
    for (Value operand : operands) {
      Node producer = builder.producer(operand);
      if (producer == null || !(producer.attributes() instanceof Constant.Attributes constant)) {
        return null;
      }
      constants.add(constant);
    }
    TensorType type = node.result().tensor();
    boolean numbers =
        node.op() instanceof ElementwiseOp<?>
            && constants.stream().allMatch(c -> c.data().elements().length == 1);
    if (numbers) {
      Array[] values = constants.stream().map(ConstantFold::number).toArray(Array[]::new);
      double value = evaluate(node, Arrays.asList(values)).data()[0];
      return List.of(Constant.full(builder, type.dtype(), type.shape(), value));
    }
    if (!type.isStatic() || type.size().value() > LARGEST || !areStatic(operands)) {
      return null;
    }
    Array result = evaluate(node, constants.stream().map(ConstantFold::array).toList());
    return List.of(Constant.of(builder, type.dtype(), type.shape(), shortened(result.data())));
  }

  /** One number if all are equal in every bit. */
  private static double[] shortened(double[] data) {
    boolean same =
        data.length > 0
            && Arrays.stream(data).allMatch(value -> Double.compare(value, data[0]) == 0);
    return same ? new double[] {data[0]} : data;
  }

  /** 64-bit integers are left alone: constants hold doubles. */
  private static boolean isFoldable(Node node) {
    return node.op() instanceof PrimitiveOp<?>
        && !(node.op() instanceof Constant)
        && !node.op().isRandom()
        && node.regions().isEmpty()
        && !node.operands().isEmpty()
        && node.results().size() == 1
        && node.result().tensor().dtype() != DType.I64
        && node.operands().stream().noneMatch(value -> value.tensor().dtype() == DType.I64);
  }

  private static boolean areStatic(List<Value> values) {
    return values.stream()
        .allMatch(value -> value.tensor().isStatic() && value.tensor().size().value() <= LARGEST);
  }

  private static Array number(Constant.Attributes constant) {
    return new Array(constant.dtype(), new int[] {}, constant.data().elements());
  }

  private static Array array(Constant.Attributes constant) {
    TensorType type = TensorType.of(constant.dtype(), constant.shape());
    double[] given = constant.data().elements();
    double[] data = new double[type.size().intValue()];
    Arrays.setAll(data, i -> given.length == 1 ? given[0] : given[i]);
    return new Array(constant.dtype(), type.staticShape(), data);
  }

  @SuppressWarnings("unchecked")
  private static Array evaluate(Node node, List<Array> operands) {
    PrimitiveOp<Record> op = (PrimitiveOp<Record>) node.op();
    return GraphInterpreter.apply(op, node.attributes(), operands, Precision.TYPED).get(0);
  }
}

package org.modelc.passes;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Sum;
import org.modelc.runtime.spec.Dim;

/**
 * A matrix product whose weight has a scale for each group of rows: {@code x @ w} is the sum over
 * groups of {@code (x in the group @ integers of the group) × scales of the group}.
 */
final class GroupedWeight {
  private GroupedWeight() {}

  /** The product in groups; null if the node is none. */
  static List<Value> product(Node node, List<Value> operands, GraphBuilder builder) {
    Node reshape = builder.producer(operands.get(1));
    boolean matrix = node.op() instanceof Matmul && operands.get(1).tensor().rank() == 2;
    if (!matrix || reshape == null || !(reshape.op() instanceof Reshape)) {
      return null;
    }
    Quantized weight = Quantized.of(builder, reshape.operand(0));
    if (weight == null || weight.zero() != 0 || !isGrouped(weight)) {
      return null;
    }
    Value x = operands.get(0);
    List<Dim> shape = weight.integers().tensor().shape();
    List<Dim> rows = new ArrayList<>(x.tensor().shape());
    rows.remove(rows.size() - 1);
    Value split = Reshape.of(builder, x, with(rows, shape.get(0), Dim.ONE, shape.get(1)));
    Value wide = Cast.of(builder, weight.integers(), x.tensor().dtype());
    Value sums = Matmul.of(builder, split, wide);
    Value parts = Reshape.of(builder, sums, with(rows, shape.get(0), shape.get(2)));
    Value scale = Reshape.of(builder, weight.scale(), List.of(shape.get(0), shape.get(2)));
    Value scaled = Multiply.of(builder, parts, scale);
    return List.of(Sum.of(builder, scaled, List.of(rows.size()), false));
  }

  private static boolean isGrouped(Quantized weight) {
    List<Dim> integers = weight.integers().tensor().shape();
    List<Dim> scales = weight.scale().tensor().shape();
    return integers.size() == 3
        && scales.equals(List.of(integers.get(0), Dim.ONE, integers.get(2)));
  }

  private static List<Dim> with(List<Dim> rows, Dim... others) {
    List<Dim> shape = new ArrayList<>(rows);
    shape.addAll(List.of(others));
    return shape;
  }
}

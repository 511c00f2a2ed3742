package org.modelc.passes.compress;

import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.ops.Convolution;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;

/** How many multiplications with a following addition a program's products take. */
public final class MultiplyAdds {
  private MultiplyAdds() {}

  /** The count for one row: every dynamic dim is 1. */
  public static long of(Graph program) {
    return program.nodes().stream()
        .filter(WeightSite::isContraction)
        .mapToLong(MultiplyAdds::of)
        .sum();
  }

  private static long of(Node node) {
    TensorType weight = node.operand(1).tensor();
    Dim terms = Dim.ONE;
    if (node.op() instanceof Convolution) {
      for (int axis = 1; axis < weight.rank(); axis++) {
        terms = terms.times(weight.dim(axis));
      }
    } else {
      terms = weight.dim(Math.max(0, weight.rank() - 2));
    }
    return forOneRow(node.result().tensor().size()) * forOneRow(terms);
  }

  private static long forOneRow(Dim size) {
    java.util.Map<String, Long> ones = new java.util.HashMap<>();
    size.symbols().forEach(symbol -> ones.put(symbol, 1L));
    return size.evaluate(ones);
  }
}

package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.type.TensorType;

/**
 * What an op is evaluated on.
 *
 * @param attributes the attribute record, its dims static
 * @param operands the operands' values
 * @param results the results' types with static shapes, as inferred
 * @param regions the graphs the op runs
 */
public record EvalCall<A extends Record>(
    A attributes, List<Array> operands, List<TensorType> results, List<Graph> regions) {
  public Array operand(int index) {
    return operands.get(index);
  }

  /** The static shape of the first result. */
  public int[] shape() {
    return results.get(0).staticShape();
  }
}

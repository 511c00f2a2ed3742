package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;

/**
 * What an op is applied to, as types.
 *
 * @param attributes the attribute record
 * @param operands the operands' types
 * @param regions the graphs the op runs; empty for nearly all ops
 */
public record Call<A extends Record>(A attributes, List<ValueType> operands, List<Graph> regions) {
  public Call {
    operands = List.copyOf(operands);
    regions = List.copyOf(regions);
  }

  /** The type of a tensor operand. */
  public TensorType tensor(int operand) {
    return operands.get(operand).tensor();
  }
}

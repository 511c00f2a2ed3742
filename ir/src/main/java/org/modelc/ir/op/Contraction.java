package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.type.ValueType;

/**
 * An op that is linear in its second operand, the weight, and of which some axes of the result run
 * over axes of the weight: scaling the result along such an axis is scaling the weight. Passes fold
 * normalisations into weights by it.
 *
 * @param <A> the op's attribute record
 */
public interface Contraction<A extends Record> {
  /**
   * The weight's axis that an axis of the result runs over.
   *
   * @param operands the operands' types
   * @param resultAxis counted from the front
   * @return the axis of the weight, or -1 if scaling the result along the axis does not amount to
   *     scaling the weight
   */
  int weightAxis(A attributes, List<ValueType> operands, int resultAxis);
}

package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;

/**
 * What a vector-Jacobian product is built from.
 *
 * @param builder where the product's nodes go
 * @param attributes the forward node's attributes
 * @param operands the forward operands
 * @param results the forward results, to be reused
 * @param cotangents the cotangent of each result; null where none flows
 */
public record VjpCall<A extends Record>(
    GraphBuilder builder,
    A attributes,
    List<Value> operands,
    List<Value> results,
    List<Value> cotangents) {
  public Value operand(int index) {
    return operands.get(index);
  }

  /** The first result. */
  public Value result() {
    return results.get(0);
  }

  /** The cotangent of the first result. */
  public Value cotangent() {
    return cotangents.get(0);
  }
}

package org.modelc.ir.graph;

import java.util.List;
import org.modelc.ir.op.OpDef;

/**
 * One application of an op.
 *
 * @param op the op's definition
 * @param attributes its attribute record
 * @param operands the values it takes
 * @param regions graphs it runs, isolated from above: what a region reads is among the operands
 * @param results the values it defines
 */
public record Node(
    OpDef<?> op,
    Record attributes,
    List<Value> operands,
    List<Graph> regions,
    List<Value> results) {
  public Node {
    operands = List.copyOf(operands);
    regions = List.copyOf(regions);
    results = List.copyOf(results);
  }

  /** The only result. */
  public Value result() {
    if (results.size() != 1) {
      throw new IllegalStateException(op.name() + " has " + results.size() + " results");
    }
    return results.get(0);
  }

  public Value operand(int index) {
    return operands.get(index);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

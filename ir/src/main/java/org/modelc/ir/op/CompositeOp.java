package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;

/** An op defined by other ops. A backend may claim it whole; else it is expanded. */
public abstract non-sealed class CompositeOp<A extends Record> extends OpDef<A> {
  protected CompositeOp(String name, Class<A> attributesType, String... operandNames) {
    super(name, attributesType, operandNames);
  }

  /** Builds the op from others and gives its results, of the types {@link #infer} says. */
  public abstract List<Value> expand(GraphBuilder builder, A attributes, List<Value> operands);
}

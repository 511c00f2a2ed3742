package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.runtime.spec.Dim;

/** Gives a reduction's result the shape of its operand again, by repeating it. */
final class Unreduce {
  private Unreduce() {}

  /**
   * The value, reduced along {@code axes} with or without keeping them, over the operand's shape.
   */
  static Value of(GraphBuilder builder, Value reduced, Value operand, List<Integer> axes) {
    List<Dim> shape = operand.tensor().shape();
    List<Dim> kept = new ArrayList<>(shape);
    axes.forEach(axis -> kept.set(axis < 0 ? axis + shape.size() : axis, Dim.ONE));
    return Broadcast.of(builder, Reshape.of(builder, reduced, kept), shape);
  }
}

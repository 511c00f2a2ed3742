package org.modelc.passes;

import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Broadcast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Dequantize;
import org.modelc.ir.ops.Slice;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A value that a {@code dequantize} with one known zero point makes.
 *
 * @param integers what it makes it of
 * @param scale before it was broadcast to the integers' shape
 * @param zero the integer that stands for 0
 */
record Quantized(Value integers, Value scale, int zero) {
  /** The integers behind a value; null if there are none, or their zero point is not one number. */
  static Quantized of(GraphBuilder builder, Value value) {
    Node node = builder.producer(value);
    if (node == null || !(node.op() instanceof Dequantize)) {
      return null;
    }
    Double zero = number(builder, node.operand(2));
    if (zero == null) {
      return null;
    }
    return new Quantized(
        node.operand(0), narrow(builder, node.operand(1)), (int) zero.doubleValue());
  }

  /** A value before it was broadcast; a constant that is one number everywhere as that number. */
  private static Value narrow(GraphBuilder builder, Value value) {
    Double number = number(builder, value);
    if (number != null) {
      return Constant.like(builder, value, number);
    }
    Node node = builder.producer(value);
    boolean wide = node != null && node.op() instanceof Broadcast;
    return wide ? narrow(builder, node.operand(0)) : value;
  }

  private static Double number(GraphBuilder builder, Value value) {
    Node node = builder.producer(value);
    if (node != null && node.op() instanceof Broadcast) {
      return number(builder, node.operand(0));
    }
    boolean one =
        node != null
            && node.attributes() instanceof Constant.Attributes constant
            && constant.data().elements().length == 1;
    return one ? ((Constant.Attributes) node.attributes()).data().elements()[0] : null;
  }

  static Value zero(GraphBuilder builder) {
    return whole(builder, 0);
  }

  static Value whole(GraphBuilder builder, int number) {
    return Constant.scalar(builder, DType.I32, number);
  }

  /** Some elements along an axis along which the scale does not differ. */
  Quantized part(GraphBuilder builder, int axis, long first, long end) {
    Value some = Slice.ofAxis(builder, integers, axis, Dim.constant(first), Dim.constant(end));
    return new Quantized(some, scale, zero);
  }

  /** Whether the scale differs along this axis of the integers at most, and the zero point is 0. */
  boolean isPerChannel(int axis) {
    return zero == 0 && differsOnlyWithin(axis, axis + 1);
  }

  /** Whether the scale differs along the first axes at most, keeping the others as 1. */
  boolean isPerRow(int axes) {
    boolean full = scale.tensor().rank() == integers.tensor().rank();
    return scale.tensor().size().is(1) || (full && differsOnlyWithin(0, axes));
  }

  private boolean differsOnlyWithin(int from, int to) {
    List<Dim> shape = scale.tensor().shape();
    int missing = integers.tensor().rank() - shape.size();
    for (int axis = 0; axis < shape.size(); axis++) {
      int counted = axis + missing;
      if (!shape.get(axis).is(1) && (counted < from || counted >= to)) {
        return false;
      }
    }
    return true;
  }
}

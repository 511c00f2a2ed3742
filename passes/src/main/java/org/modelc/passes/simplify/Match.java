package org.modelc.passes.simplify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** What a pattern's names stand for, and the builder for the replacement. */
final class Match {
  private final GraphBuilder builder;
  private final TensorType result;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Record> attributes = new HashMap<>();

  /**
   * @param result the type of what is replaced
   */
  Match(GraphBuilder builder, TensorType result) {
    this.builder = builder;
    this.result = result;
  }

  GraphBuilder builder() {
    return builder;
  }

  /** The shape of what is replaced. */
  List<Dim> shape() {
    return result.shape();
  }

  DType dtype() {
    return result.dtype();
  }

  Value value(String name) {
    return values.get(name);
  }

  /** The number that a constant has everywhere. */
  double number(String name) {
    return number(values.get(name));
  }

  <A extends Record> A attributes(String name, Class<A> type) {
    return type.cast(attributes.get(name));
  }

  /** One number everywhere, of the type and shape of what is replaced. */
  Value full(double value) {
    return Constant.full(builder, result.dtype(), result.shape(), value);
  }

  /** Binds a name; a name that occurs twice must stand for the same value. */
  boolean bind(String name, Value value) {
    Value known = name.isEmpty() ? null : values.putIfAbsent(name, value);
    return known == null || known == value;
  }

  void bindAttributes(String name, Record found) {
    attributes.put(name, found);
  }

  Node producer(Value value) {
    return builder.producer(value);
  }

  /** The number that a value has everywhere, or null. */
  Double number(Value value) {
    return number(builder, value);
  }

  /** The number that a value has everywhere, or null if it is no such constant. */
  static Double number(GraphBuilder builder, Value value) {
    Node node = builder.producer(value);
    if (node == null || !(node.attributes() instanceof Constant.Attributes constant)) {
      return null;
    }
    double[] elements = constant.data().elements();
    return elements.length == 1 ? elements[0] : null;
  }
}

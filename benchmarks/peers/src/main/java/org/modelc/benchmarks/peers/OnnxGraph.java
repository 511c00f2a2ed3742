package org.modelc.benchmarks.peers;

import java.util.List;
import java.util.Map;

/**
 * An ONNX model under construction. Field numbers are those of {@code onnx.proto3}; contributed
 * operators are of the domain {@code com.microsoft}, as onnxruntime's documentation lists them.
 */
final class OnnxGraph {
  /** onnxruntime's own operators. */
  static final String CONTRIBUTED = "com.microsoft";

  private static final int FLOAT = 1;
  private static final int INT8 = 3;
  private static final int INT32 = 6;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;

  private final ProtobufWriter graph = new ProtobufWriter().text(2, "graph");
  private int values;

  /** A constant. */
  String constant(float[] elements, int... shape) {
    String name = "constant" + values++;
    ProtobufWriter tensor = new ProtobufWriter();
    for (int dim : shape) {
      tensor.number(1, dim);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).floats(9, elements));
    return name;
  }

  /** A constant of bytes. */
  String constant(byte[] elements, int... shape) {
    String name = "constant" + values++;
    ProtobufWriter tensor = new ProtobufWriter();
    for (int dim : shape) {
      tensor.number(1, dim);
    }
    graph.message(5, tensor.number(2, INT8).text(8, name).bytes(9, elements));
    return name;
  }

  /** An input of floats. */
  String input(String name, int... shape) {
    graph.message(11, value(name, FLOAT, shape));
    return name;
  }

  /** An input of whole numbers. */
  String integers(String name, int... shape) {
    graph.message(11, value(name, INT32, shape));
    return name;
  }

  void output(String name, int... shape) {
    graph.message(12, value(name, FLOAT, shape));
  }

  private static ProtobufWriter value(String name, int type, int... dims) {
    ProtobufWriter shape = new ProtobufWriter();
    for (int dim : dims) {
      shape.message(1, new ProtobufWriter().number(1, dim));
    }
    ProtobufWriter tensor = new ProtobufWriter().number(1, type).message(2, shape);
    return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
  }

  /** A node of the standard domain with one result. */
  String node(String operator, String... inputs) {
    return contributed("", operator, Map.of(), List.of(inputs), 1).get(0);
  }

  /**
   * A node.
   *
   * @param domain empty for the standard's
   * @param attributes whole numbers ({@code Integer}) and {@code Float}s
   * @param inputs empty names stand for what is left out
   */
  List<String> contributed(
      String domain, String operator, Map<String, ?> attributes, List<String> inputs, int results) {
    ProtobufWriter node = new ProtobufWriter();
    inputs.forEach(input -> node.text(1, input));
    List<String> names =
        java.util.stream.IntStream.range(0, results).mapToObj(i -> "value" + values++).toList();
    names.forEach(name -> node.text(2, name));
    node.text(4, operator);
    attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
    graph.message(1, node.text(7, domain));
    return names;
  }

  private static ProtobufWriter attribute(String name, Object value) {
    ProtobufWriter attribute = new ProtobufWriter().text(1, name);
    return value instanceof Integer number
        ? attribute.number(3, number).number(20, ATTRIBUTE_INT)
        : attribute.real(2, (Float) value).number(20, ATTRIBUTE_FLOAT);
  }

  byte[] model() {
    return new ProtobufWriter()
        .number(1, IR_VERSION)
        .text(2, "modelc-benchmarks")
        .message(7, graph)
        .message(8, new ProtobufWriter().text(1, "").number(2, OPERATOR_SET))
        .message(8, new ProtobufWriter().text(1, CONTRIBUTED).number(2, 1))
        .toByteArray();
  }
}

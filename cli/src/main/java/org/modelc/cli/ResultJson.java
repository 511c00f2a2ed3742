package org.modelc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;

/**
 * Results of a function as JSON: an object a row, class indices and probabilities by class name.
 */
final class ResultJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, Tensor> results;
  private final Map<String, List<String>> labels;

  /**
   * @param results tensors by name, rows first
   * @param labels class names by result, where results speak of classes
   */
  ResultJson(Map<String, Tensor> results, Map<String, List<String>> labels) {
    this.results = results;
    this.labels = labels;
  }

  /** The results of one row. */
  ObjectNode row(int row) {
    ObjectNode object = JsonText.object();
    results.forEach((name, tensor) -> object.set(name, value(name, tensor, row)));
    return object;
  }

  private JsonNode value(String name, Tensor tensor, int row) {
    List<Integer> shape = tensor.shape().subList(1, tensor.shape().size());
    List<String> classes = labels.get(name);
    if (classes == null) {
      return nested(tensor, shape, 0, row * (int) Tensor.size(shape));
    }
    if (shape.isEmpty()) {
      return NODES.textNode(classes.get((int) tensor.at(row)));
    }
    ObjectNode byClass = JsonText.object();
    for (int i = 0; i < classes.size(); i++) {
      byClass.set(classes.get(i), element(tensor, row * classes.size() + i));
    }
    return byClass;
  }

  private static JsonNode nested(Tensor tensor, List<Integer> shape, int axis, int at) {
    if (axis == shape.size()) {
      return element(tensor, at);
    }
    ArrayNode array = NODES.arrayNode();
    int part = (int) Tensor.size(shape.subList(axis + 1, shape.size()));
    for (int i = 0; i < shape.get(axis); i++) {
      array.add(nested(tensor, shape, axis + 1, at + i * part));
    }
    return array;
  }

  /** JSON has no NaN and no infinities; they become null. */
  private static JsonNode element(Tensor tensor, int index) {
    double value = tensor.at(index);
    if (tensor.dtype() == DType.BOOL) {
      return NODES.booleanNode(value != 0);
    }
    if (tensor.dtype().isInteger()) {
      return NODES.numberNode((long) value);
    }
    if (!Double.isFinite(value)) {
      return NODES.nullNode();
    }
    return tensor.dtype() == DType.F64 ? NODES.numberNode(value) : NODES.numberNode((float) value);
  }
}

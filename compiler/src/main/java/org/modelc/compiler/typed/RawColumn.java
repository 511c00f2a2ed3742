package org.modelc.compiler.typed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.FittedTransform;

/**
 * A raw column that a model input is made from.
 *
 * @param name the column's name in the data
 * @param text whether it holds text, else numbers
 * @param shape the shape of one row's tensor; empty for a scalar
 */
record RawColumn(String name, boolean text, List<Integer> shape) {
  RawColumn {
    shape = List.copyOf(shape);
  }

  /** The columns of a transform, each once, in the order of first use. */
  static List<RawColumn> of(FittedTransform fitted) {
    Map<String, RawColumn> found = new LinkedHashMap<>();
    collect(fitted, found);
    return new ArrayList<>(found.values());
  }

  private static void collect(FittedTransform fitted, Map<String, RawColumn> found) {
    boolean text = fitted.texts().getOrDefault("type", List.of("number")).contains("text");
    List<Integer> shape = fitted.kind().equals("column") ? fitted.shape() : List.of();
    fitted.columns().forEach(name -> found.putIfAbsent(name, new RawColumn(name, text, shape)));
    fitted.inputs().forEach(input -> collect(input, found));
  }
}

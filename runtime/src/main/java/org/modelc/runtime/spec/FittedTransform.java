package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * A transform with what it learned.
 *
 * @param kind as in {@link TransformSpec}
 * @param columns the raw columns, patterns resolved
 * @param inputs the fitted inputs, in the order of the spec
 * @param options the spec's settings
 * @param numbers learned numbers by name (means, deviations, medians, counts)
 * @param texts learned texts by name (categories in index order)
 * @param shape the shape of one row's result; empty for a scalar
 */
public record FittedTransform(
    String kind,
    List<String> columns,
    List<FittedTransform> inputs,
    Map<String, Object> options,
    Map<String, List<Double>> numbers,
    Map<String, List<String>> texts,
    List<Integer> shape) {
  public FittedTransform {
    columns = List.copyOf(columns);
    inputs = List.copyOf(inputs);
    options = Map.copyOf(options);
    numbers = Map.copyOf(numbers);
    texts = Map.copyOf(texts);
    shape = List.copyOf(shape);
  }
}

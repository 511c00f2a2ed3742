package org.modelc.runtime.metrics;

import java.util.Map;

/**
 * Results and truth of some rows.
 *
 * @param predicted results row by row: a class index, a probability or score, one per class, or
 *     regression values
 * @param width values a row in {@code predicted}
 * @param classIndices whether {@code predicted} are class indices (or bools) rather than scores
 * @param target the truth: class indices (bools as 0 and 1) or regression values; as many values a
 *     row as {@code predicted} has, or one
 * @param weights a weight for each row; null for 1
 * @param options the measure's settings, such as {@code average}
 */
public record MetricInput(
    double[] predicted,
    int width,
    boolean classIndices,
    double[] target,
    double[] weights,
    Map<String, Object> options) {
  public MetricInput {
    if (target.length == 0) {
      throw new MetricException("there are no rows to measure", "give a test or validation split");
    }
  }

  /** The number of rows. */
  public int rows() {
    return predicted.length / width;
  }

  public double weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /** The same truth with other results, one value a row. */
  public MetricInput with(double[] values, boolean areClassIndices) {
    return new MetricInput(values, 1, areClassIndices, target, weights, options);
  }

  /** The text of an option. */
  public String option(String name, String otherwise) {
    Object value = options.get(name);
    return value == null ? otherwise : value.toString();
  }
}

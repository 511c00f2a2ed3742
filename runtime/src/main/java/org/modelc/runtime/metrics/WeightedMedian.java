package org.modelc.runtime.metrics;

import java.util.Arrays;
import java.util.Comparator;

/** The weighted median of each column, the constant with the least absolute error. */
final class WeightedMedian {
  private WeightedMedian() {}

  /** The same targets, each predicted by its column's median. */
  static MetricInput predictor(MetricInput input) {
    int width = input.width();
    double[] constant = new double[input.target().length];
    for (int column = 0; column < width; column++) {
      double median = of(input, column);
      for (int i = column; i < constant.length; i += width) {
        constant[i] = median;
      }
    }
    return new MetricInput(
        constant, width, false, input.target(), input.weights(), input.options());
  }

  private static double of(MetricInput input, int column) {
    int rows = input.target().length / input.width();
    Integer[] order = new Integer[rows];
    double all = 0;
    for (int row = 0; row < rows; row++) {
      order[row] = row;
      all += input.weight(row);
    }
    Arrays.sort(
        order,
        Comparator.comparingDouble((Integer row) -> input.target()[row * input.width() + column]));
    double below = 0;
    for (Integer row : order) {
      below += input.weight(row);
      if (below >= all / 2) {
        return input.target()[row * input.width() + column];
      }
    }
    return Double.NaN;
  }
}

package org.modelc.runtime.metrics;

import java.util.Arrays;

/**
 * Rows in groups of equal score, the highest score first: weights of positive and negative rows.
 */
final class RankedRows {
  private final double[] positive;
  private final double[] negative;

  private RankedRows(double[] positive, double[] negative) {
    this.positive = positive;
    this.negative = negative;
  }

  static RankedRows of(MetricInput input, String metric) {
    double[] scores = Classes.scores(input, metric);
    long[] order = new long[scores.length];
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    double[] positive = new double[scores.length];
    double[] negative = new double[scores.length];
    int groups = 0;
    for (int i = sorted.length - 1; i >= 0; i--) {
      boolean first = i == sorted.length - 1 || sorted[i] != sorted[i + 1];
      groups += first ? 1 : 0;
      order[i] = groups - 1;
    }
    for (int row = 0; row < scores.length; row++) {
      if (Double.isNaN(scores[row])) {
        throw new MetricException(metric + ": the score of row " + (row + 1) + " is NaN", "");
      }
      int group = (int) order[Arrays.binarySearch(sorted, scores[row])];
      double[] side = input.target()[row] == 1 ? positive : negative;
      side[group] += input.weight(row);
    }
    return new RankedRows(Arrays.copyOf(positive, groups), Arrays.copyOf(negative, groups));
  }

  int groups() {
    return positive.length;
  }

  double positive(int group) {
    return positive[group];
  }

  double negative(int group) {
    return negative[group];
  }

  double allPositive() {
    return sum(positive);
  }

  double allNegative() {
    return sum(negative);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}

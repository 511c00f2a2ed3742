package org.modelc.runtime.metrics;

/**
 * Weights of rows by true class and predicted class.
 *
 * @param counts [true class][predicted class]
 */
public record ConfusionMatrix(double[][] counts) {
  /** The matrix of classified rows. */
  public static ConfusionMatrix of(MetricInput input) {
    int classes = Classes.count(input);
    double[][] counts = new double[classes][classes];
    int[] targets = Classes.targets(input);
    int[] predictions = Classes.predictions(input);
    for (int row = 0; row < targets.length; row++) {
      counts[targets[row]][predictions[row]] += input.weight(row);
    }
    return new ConfusionMatrix(counts);
  }

  public int classes() {
    return counts.length;
  }

  /** Rows of a class that were predicted to be it. */
  public double hits(int label) {
    return counts[label][label];
  }

  /** Rows that are of a class. */
  public double actual(int label) {
    double sum = 0;
    for (double count : counts[label]) {
      sum += count;
    }
    return sum;
  }

  /** Rows that were predicted to be of a class. */
  public double predicted(int label) {
    double sum = 0;
    for (double[] row : counts) {
      sum += row[label];
    }
    return sum;
  }
}

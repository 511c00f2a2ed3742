package org.modelc.runtime.metrics;

/**
 * Metrics of numbers against numbers; rows of several numbers count each. One class for all: the
 * runtime's size is limited, and a class costs more than what sets these apart.
 */
final class RegressionMetric implements Metric {
  /** The mean squared error; its best constant is the mean. */
  static final RegressionMetric MSE = new RegressionMetric("mse", "mean squared error");

  /** The root of the mean squared error, in the target's unit; its best constant is the mean. */
  static final RegressionMetric RMSE = new RegressionMetric("rmse", "root mean squared error");

  /** The mean absolute error; its best constant is the median. */
  static final RegressionMetric MAE = new RegressionMetric("mae", "mean absolute error");

  /**
   * The share of the target's variance that is explained, 1 − MSE / variance; the mean has 0.
   * Several columns are averaged evenly.
   */
  static final RegressionMetric R2 = new RegressionMetric("r2", "coefficient of determination");

  private final String name;
  private final String doc;

  private RegressionMetric(String name, String doc) {
    this.name = name;
    this.doc = doc;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String doc() {
    return doc;
  }

  @Override
  public boolean higherIsBetter() {
    return this == R2;
  }

  @Override
  public double value(MetricInput input) {
    if (input.target().length != input.predicted().length) {
      throw new MetricException(
          name
              + ": "
              + input.predicted().length
              + " results for "
              + input.target().length
              + " targets",
          "the result's shape must be the target's");
    }
    return of(input);
  }

  /** The value, once lengths are checked. */
  private double of(MetricInput input) {
    if (this == R2) {
      return explained(input);
    }
    double mean = meanError(input);
    return this == RMSE ? Math.sqrt(mean) : mean;
  }

  /** The weighted mean of (target − predicted)², of its size alone for the absolute error. */
  private double meanError(MetricInput input) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < input.target().length; i++) {
      double error = input.target()[i] - input.predicted()[i];
      sum += weight(input, i) * (this == MAE ? Math.abs(error) : error * error);
      all += weight(input, i);
    }
    return sum / all;
  }

  private static double explained(MetricInput input) {
    MetricInput mean = meanPredictor(input);
    double sum = 0;
    for (int column = 0; column < input.width(); column++) {
      double residual = square(input, column);
      double variance = square(mean, column);
      sum += variance == 0 ? (residual == 0 ? 1 : 0) : 1 - residual / variance;
    }
    return sum / input.width();
  }

  private static double square(MetricInput input, int column) {
    double sum = 0;
    for (int i = column; i < input.target().length; i += input.width()) {
      double error = input.target()[i] - input.predicted()[i];
      sum += weight(input, i) * error * error;
    }
    return sum;
  }

  /** The weight of an element's row. */
  private static double weight(MetricInput input, int element) {
    return input.weight(element / input.width());
  }

  /** Each column's weighted mean in each row, the best constant for squares. */
  private static MetricInput meanPredictor(MetricInput input) {
    int width = input.width();
    double[] constant = new double[input.target().length];
    for (int column = 0; column < width; column++) {
      double sum = 0;
      double all = 0;
      for (int i = column; i < constant.length; i += width) {
        sum += weight(input, i) * input.target()[i];
        all += weight(input, i);
      }
      for (int i = column; i < constant.length; i += width) {
        constant[i] = sum / all;
      }
    }
    return new MetricInput(
        constant, width, false, input.target(), input.weights(), input.options());
  }

  @Override
  public double baseline(MetricInput input) {
    if (this == R2) {
      return 0;
    }
    return of(this == MAE ? WeightedMedian.predictor(input) : meanPredictor(input));
  }
}

package org.modelc.runtime.metrics;

/** Metrics of numbers against numbers; rows of several numbers count each. */
abstract class RegressionMetric implements Metric {
  /** The value, once lengths are checked. */
  abstract double of(MetricInput input);

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public double value(MetricInput input) {
    if (input.target().length != input.predicted().length) {
      throw new MetricException(
          name()
              + ": "
              + input.predicted().length
              + " results for "
              + input.target().length
              + " targets",
          "the result's shape must be the target's");
    }
    return of(input);
  }

  /** The weight of an element's row. */
  static double weight(MetricInput input, int element) {
    return input.weight(element / input.width());
  }

  /** The weighted mean of (target − predicted)². */
  static double meanSquare(MetricInput input) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < input.target().length; i++) {
      double error = input.target()[i] - input.predicted()[i];
      sum += weight(input, i) * error * error;
      all += weight(input, i);
    }
    return sum / all;
  }

  /** Each column's weighted mean in each row, the best constant for squares. */
  static MetricInput meanPredictor(MetricInput input) {
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
    return of(meanPredictor(input));
  }
}

package org.modelc.runtime.metrics;

/**
 * The share of the target's variance that is explained, 1 − MSE / variance; the mean has 0. Several
 * columns are averaged evenly.
 */
final class R2 extends RegressionMetric {
  @Override
  public String name() {
    return "r2";
  }

  @Override
  public String doc() {
    return "coefficient of determination";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  double of(MetricInput input) {
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

  @Override
  public double baseline(MetricInput input) {
    return 0;
  }
}

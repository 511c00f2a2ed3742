package org.modelc.runtime.metrics;

/** The mean squared error; its best constant is the mean. */
final class Mse extends RegressionMetric {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public String doc() {
    return "mean squared error";
  }

  @Override
  double of(MetricInput input) {
    return meanSquare(input);
  }
}

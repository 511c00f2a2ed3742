package org.modelc.runtime.metrics;

/** The root of the mean squared error, in the target's unit; its best constant is the mean. */
final class Rmse extends RegressionMetric {
  @Override
  public String name() {
    return "rmse";
  }

  @Override
  public String doc() {
    return "root mean squared error";
  }

  @Override
  double of(MetricInput input) {
    return Math.sqrt(meanSquare(input));
  }
}

package org.modelc.runtime.metrics;

/** The mean absolute error; its best constant is the median. */
final class Mae extends RegressionMetric {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public String doc() {
    return "mean absolute error";
  }

  @Override
  double of(MetricInput input) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < input.target().length; i++) {
      sum += weight(input, i) * Math.abs(input.target()[i] - input.predicted()[i]);
      all += weight(input, i);
    }
    return sum / all;
  }

  @Override
  public double baseline(MetricInput input) {
    return of(WeightedMedian.predictor(input));
  }
}

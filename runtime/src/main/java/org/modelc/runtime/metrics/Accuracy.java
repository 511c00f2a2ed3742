package org.modelc.runtime.metrics;

/** The share of rows with the right class; its baseline is the share of the most frequent class. */
final class Accuracy implements Metric {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public String doc() {
    return "share of rows whose predicted class is the true one";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double value(MetricInput input) {
    int[] targets = Classes.targets(input);
    int[] predictions = Classes.predictions(input);
    double right = 0;
    double all = 0;
    for (int row = 0; row < targets.length; row++) {
      right += targets[row] == predictions[row] ? input.weight(row) : 0;
      all += input.weight(row);
    }
    return right / all;
  }

  @Override
  public double baseline(MetricInput input) {
    return Classes.bestConstant(this, input);
  }
}

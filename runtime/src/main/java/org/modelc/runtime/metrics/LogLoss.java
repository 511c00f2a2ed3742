package org.modelc.runtime.metrics;

/**
 * The mean of −ln of the probability given to the true class, in nats. Probabilities are kept 2⁻²³
 * away from 0 and 1, the precision of f32. The best constant gives each class its share of the
 * rows.
 */
final class LogLoss implements Metric {
  private static final double LEAST = 0x1p-23;

  @Override
  public String name() {
    return "log_loss";
  }

  @Override
  public String doc() {
    return "mean negative log probability of the true class";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public double value(MetricInput input) {
    int[] targets = Classes.targets(input);
    double sum = 0;
    double all = 0;
    for (int row = 0; row < targets.length; row++) {
      double probability =
          Math.min(1 - LEAST, Math.max(LEAST, probability(input, row, targets[row])));
      sum -= input.weight(row) * StrictMath.log(probability);
      all += input.weight(row);
    }
    return sum / all;
  }

  private static double probability(MetricInput input, int row, int target) {
    int width = input.width();
    if (input.classIndices() || target >= Math.max(2, width)) {
      throw new MetricException(
          "log_loss takes probabilities of each class, "
              + (input.classIndices() ? "got classes" : "got " + width + " for class " + target),
          "measure the function's probabilities");
    }
    double[] predicted = input.predicted();
    return width > 1
        ? predicted[row * width + target]
        : target == 1 ? predicted[row] : 1 - predicted[row];
  }

  @Override
  public double baseline(MetricInput input) {
    int[] targets = Classes.targets(input);
    double[] shares = new double[Math.max(2, Math.max(input.width(), max(targets) + 1))];
    double all = 0;
    for (int row = 0; row < targets.length; row++) {
      shares[targets[row]] += input.weight(row);
      all += input.weight(row);
    }
    double entropy = 0;
    for (double share : shares) {
      entropy -= share == 0 ? 0 : share / all * StrictMath.log(share / all);
    }
    return entropy;
  }

  private static int max(int[] values) {
    int max = 0;
    for (int value : values) {
      max = Math.max(max, value);
    }
    return max;
  }
}

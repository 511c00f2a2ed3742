package org.modelc.runtime.metrics;

/**
 * Average precision: the mean of precision over the steps in recall, as the score's threshold
 * falls; no interpolation. A constant score has the share of positive rows.
 */
final class PrAuc implements Metric {
  @Override
  public String name() {
    return "pr_auc";
  }

  @Override
  public String doc() {
    return "average precision of a score for two classes";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double value(MetricInput input) {
    RankedRows rows = RankedRows.of(input, name());
    double positive = rows.allPositive();
    if (positive == 0) {
      throw new MetricException("pr_auc of rows that are all negative", "stratify the split");
    }
    double hits = 0;
    double taken = 0;
    double sum = 0;
    for (int group = 0; group < rows.groups(); group++) {
      hits += rows.positive(group);
      taken += rows.positive(group) + rows.negative(group);
      sum += taken == 0 ? 0 : rows.positive(group) / positive * (hits / taken);
    }
    return sum;
  }

  @Override
  public double baseline(MetricInput input) {
    double positive = 0;
    double all = 0;
    for (int row = 0; row < input.rows(); row++) {
      positive += input.target()[row] * input.weight(row);
      all += input.weight(row);
    }
    return positive / all;
  }
}

package org.modelc.runtime.metrics;

/**
 * The area under the receiver operating characteristic: how probable it is that a positive row
 * scores above a negative one; ties count half. A constant score has 0.5.
 */
final class Auc implements Metric {
  @Override
  public String name() {
    return "auc";
  }

  @Override
  public String doc() {
    return "area under the ROC curve of a score for two classes";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double value(MetricInput input) {
    RankedRows rows = RankedRows.of(input, name());
    double above = 0;
    double area = 0;
    for (int group = 0; group < rows.groups(); group++) {
      area += rows.negative(group) * (above + rows.positive(group) / 2);
      above += rows.positive(group);
    }
    double pairs = rows.allPositive() * rows.allNegative();
    if (pairs == 0) {
      throw new MetricException(
          "auc of rows that are all " + (rows.allNegative() == 0 ? "positive" : "negative"),
          "stratify the split by the target, so that each part has both classes");
    }
    return area / pairs;
  }

  @Override
  public double baseline(MetricInput input) {
    return 0.5;
  }
}

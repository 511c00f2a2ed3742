package org.modelc.runtime.metrics;

/**
 * Metrics of how a score of two classes ranks rows. One class for both: see {@link
 * RegressionMetric}.
 */
final class RankMetric implements Metric {
  /**
   * The area under the receiver operating characteristic: how probable it is that a positive row
   * scores above a negative one; ties count half. A constant score has 0.5.
   */
  static final RankMetric AUC =
      new RankMetric("auc", "area under the ROC curve of a score for two classes");

  /**
   * Average precision: the mean of precision over the steps in recall, as the score's threshold
   * falls; no interpolation. A constant score has the share of positive rows.
   */
  static final RankMetric PR_AUC =
      new RankMetric("pr_auc", "average precision of a score for two classes");

  private final String name;
  private final String doc;

  private RankMetric(String name, String doc) {
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
    return true;
  }

  @Override
  public double value(MetricInput input) {
    RankedRows rows = RankedRows.of(input, name);
    boolean none = rows.allPositive() == 0;
    if (none || this == AUC && rows.allNegative() == 0) {
      throw new MetricException(
          name + " of rows that are all " + (none ? "negative" : "positive"),
          "stratify the split by the target, so that each part has both classes");
    }
    return this == AUC ? area(rows) : averagePrecision(rows);
  }

  private static double area(RankedRows rows) {
    double above = 0;
    double area = 0;
    for (int group = 0; group < rows.groups(); group++) {
      area += rows.negative(group) * (above + rows.positive(group) / 2);
      above += rows.positive(group);
    }
    return area / (rows.allPositive() * rows.allNegative());
  }

  private static double averagePrecision(RankedRows rows) {
    double positive = rows.allPositive();
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
    if (this == AUC) {
      return 0.5;
    }
    double positive = 0;
    double all = 0;
    for (int row = 0; row < input.rows(); row++) {
      positive += input.target()[row] * input.weight(row);
      all += input.weight(row);
    }
    return positive / all;
  }
}

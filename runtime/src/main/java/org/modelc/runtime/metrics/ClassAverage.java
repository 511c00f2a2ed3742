package org.modelc.runtime.metrics;

import java.util.List;
import org.modelc.runtime.NearestName;

/**
 * Metrics of one class against the rest, put together by the option {@code average}: {@code binary}
 * (of class 1; the default for two classes), {@code macro} (the mean over classes that occur; the
 * default for more), {@code micro} (of the sums over classes). A share of nothing is 0.
 */
final class ClassAverage implements Metric {
  /** Of the rows predicted to be of a class, the share that is. */
  static final ClassAverage PRECISION =
      new ClassAverage("precision", "share of rows predicted positive that are");

  /** Of the rows that are of a class, the share predicted to be. */
  static final ClassAverage RECALL =
      new ClassAverage("recall", "share of positive rows that are predicted so");

  /** The harmonic mean of precision and recall. */
  static final ClassAverage F1 = new ClassAverage("f1", "harmonic mean of precision and recall");

  private final String name;
  private final String doc;

  private ClassAverage(String name, String doc) {
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

  /** The value from rows that hit a class, rows predicted to be it, rows that are it. */
  private double of(double hits, double predicted, double actual) {
    if (this == F1) {
      return share(2 * hits, predicted + actual);
    }
    return share(hits, this == PRECISION ? predicted : actual);
  }

  @Override
  public boolean baselineIsMeaningful() {
    return this != RECALL;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double value(MetricInput input) {
    ConfusionMatrix matrix = ConfusionMatrix.of(input);
    String average = input.option("average", matrix.classes() == 2 ? "binary" : "macro");
    return switch (average) {
      case "binary" -> of(matrix, 1);
      case "macro" -> macro(matrix);
      case "micro" -> micro(matrix);
      default ->
          throw new MetricException(
              "no average `" + average + "`",
              NearestName.hint(average, List.of("binary", "macro", "micro")));
    };
  }

  private double of(ConfusionMatrix matrix, int label) {
    return of(matrix.hits(label), matrix.predicted(label), matrix.actual(label));
  }

  private double macro(ConfusionMatrix matrix) {
    double sum = 0;
    int occurring = 0;
    for (int label = 0; label < matrix.classes(); label++) {
      if (matrix.actual(label) > 0 || matrix.predicted(label) > 0) {
        sum += of(matrix, label);
        occurring++;
      }
    }
    return sum / occurring;
  }

  private double micro(ConfusionMatrix matrix) {
    double hits = 0;
    double all = 0;
    for (int label = 0; label < matrix.classes(); label++) {
      hits += matrix.hits(label);
      all += matrix.actual(label);
    }
    return of(hits, all, all);
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  @Override
  public double baseline(MetricInput input) {
    return Classes.bestConstant(this, input);
  }
}

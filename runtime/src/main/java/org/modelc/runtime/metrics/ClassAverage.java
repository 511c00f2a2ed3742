package org.modelc.runtime.metrics;

import java.util.List;
import org.modelc.runtime.NearestName;

/**
 * Metrics of one class against the rest, put together by the option {@code average}: {@code binary}
 * (of class 1; the default for two classes), {@code macro} (the mean over classes that occur; the
 * default for more), {@code micro} (of the sums over classes). A share of nothing is 0.
 */
abstract class ClassAverage implements Metric {
  /** The value from rows that hit a class, rows predicted to be it, rows that are it. */
  abstract double of(double hits, double predicted, double actual);

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

  static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  @Override
  public double baseline(MetricInput input) {
    return Classes.bestConstant(this, input);
  }
}

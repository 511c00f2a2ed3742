package org.modelc.runtime.metrics;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.NearestName;

/** The metrics by name. */
public final class Metrics {
  private static final List<Metric> ALL =
      List.of(
          new Accuracy(),
          RankMetric.AUC,
          ClassAverage.F1,
          new LogLoss(),
          RegressionMetric.MAE,
          RegressionMetric.MSE,
          RankMetric.PR_AUC,
          ClassAverage.PRECISION,
          RegressionMetric.R2,
          ClassAverage.RECALL,
          RegressionMetric.RMSE);

  private Metrics() {}

  /** All metrics, by name in order. */
  public static List<Metric> all() {
    return ALL;
  }

  /** Whether a metric compares classes, so that a confusion matrix says more. */
  public static boolean measuresClasses(Metric metric) {
    return metric instanceof Accuracy || metric instanceof ClassAverage;
  }

  /**
   * The metric with a name.
   *
   * @throws MetricException with the nearest name, if there is none
   */
  public static Metric of(String name) {
    List<String> names = new ArrayList<>();
    for (Metric metric : ALL) {
      if (metric.name().equals(name)) {
        return metric;
      }
      names.add(metric.name());
    }
    throw new MetricException("no metric `" + name + "`", NearestName.hint(name, names));
  }
}

package org.modelc.runtime.metrics;

/** Views of a metric's input as classes. */
final class Classes {
  private Classes() {}

  /** The target class of each row. */
  static int[] targets(MetricInput input) {
    if (input.target().length != input.rows()) {
      throw new MetricException(
          input.target().length + " class targets for " + input.rows() + " rows",
          "a class metric takes one target a row");
    }
    return whole(input.target(), "target");
  }

  /**
   * The predicted class of each row: the index itself, the largest of several scores (the first of
   * equals), or 1 where a single score is at least 0.5.
   */
  static int[] predictions(MetricInput input) {
    if (input.classIndices()) {
      return whole(input.predicted(), "result");
    }
    int width = input.width();
    int[] classes = new int[input.rows()];
    for (int row = 0; row < classes.length; row++) {
      classes[row] =
          width == 1
              ? (input.predicted()[row] >= 0.5 ? 1 : 0)
              : largest(input.predicted(), row, width);
    }
    return classes;
  }

  private static int largest(double[] scores, int row, int width) {
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (scores[row * width + i] > scores[row * width + best]) {
        best = i;
      }
    }
    return best;
  }

  /** The score of the positive class in each row: the single score, or the second of two. */
  static double[] scores(MetricInput input, String metric) {
    if (input.width() > 2) {
      throw new MetricException(
          metric + " measures two classes, the result has " + input.width(),
          "use accuracy, f1 or log_loss for several classes");
    }
    for (double target : input.target()) {
      if (target != 0 && target != 1) {
        throw new MetricException(
            metric + " measures targets of 0 and 1, one is " + target, "derive a bool column");
      }
    }
    if (input.width() == 1) {
      return input.predicted();
    }
    double[] scores = new double[input.rows()];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = input.predicted()[2 * row + 1];
    }
    return scores;
  }

  /** One more than the largest class that occurs or could. */
  static int count(MetricInput input) {
    int count = Math.max(2, input.classIndices() ? 0 : input.width());
    for (int target : targets(input)) {
      count = Math.max(count, target + 1);
    }
    for (int prediction : predictions(input)) {
      count = Math.max(count, prediction + 1);
    }
    return count;
  }

  /** The best value a metric has when all rows get one class. */
  static double bestConstant(Metric metric, MetricInput input) {
    int count = count(input);
    double best = Double.NaN;
    for (int candidate = 0; candidate < count; candidate++) {
      double[] constant = new double[input.rows()];
      java.util.Arrays.fill(constant, candidate);
      double value = metric.value(input.with(constant, true));
      boolean better = metric.higherIsBetter() ? value > best : value < best;
      best = Double.isNaN(best) || better ? value : best;
    }
    return best;
  }

  private static int[] whole(double[] values, String what) {
    int[] classes = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      classes[i] = (int) values[i];
      if (classes[i] != values[i] || classes[i] < 0) {
        throw new MetricException(
            "the " + what + " " + values[i] + " is no class", "classes are counted from 0");
      }
    }
    return classes;
  }
}

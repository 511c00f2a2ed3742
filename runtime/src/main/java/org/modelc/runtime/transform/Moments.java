package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and population variance of each element over rows, missing values left out, by Welford's
 * method (Technometrics 4, 1962): one pass, no cancellation.
 */
final class Moments implements Fitting.Statistic {
  private final int groups;
  private final int groupSize;
  private final String kind;
  private final long[] counts;
  private final double[] means;
  private final double[] squares;

  /**
   * @param groups how many statistics a row has
   * @param groupSize how many neighbouring elements of a row share one
   * @param kind the transform, for messages
   */
  Moments(int groups, int groupSize, String kind) {
    this.groups = groups;
    this.groupSize = groupSize;
    this.kind = kind;
    this.counts = new long[groups];
    this.means = new double[groups];
    this.squares = new double[groups];
  }

  @Override
  public void add(Features chunk) {
    double[] numbers = chunk.numbers(kind);
    int width = groups * groupSize;
    for (int i = 0; i < numbers.length; i++) {
      add((i % width) / groupSize, numbers[i]);
    }
  }

  private void add(int group, double number) {
    if (Double.isNaN(number)) {
      return;
    }
    counts[group]++;
    double distance = number - means[group];
    means[group] += distance / counts[group];
    squares[group] += distance * (number - means[group]);
  }

  /** How many values a group has. */
  long count(int group) {
    return counts[group];
  }

  List<Double> means() {
    List<Double> list = new ArrayList<>();
    for (double mean : means) {
      list.add(mean);
    }
    return list;
  }

  /**
   * Population standard deviations; 0 where the values differ by no more than rounding of their
   * mean would make them.
   */
  List<Double> deviations() {
    List<Double> list = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      list.add(deviation(group));
    }
    return list;
  }

  private double deviation(int group) {
    if (counts[group] == 0) {
      return 0;
    }
    double variance = squares[group] / counts[group];
    double rounding = counts[group] * means[group] * Math.ulp(1.0);
    boolean constant = variance <= counts[group] * Math.ulp(1.0) * variance + rounding * rounding;
    return constant ? 0 : Math.sqrt(variance);
  }
}

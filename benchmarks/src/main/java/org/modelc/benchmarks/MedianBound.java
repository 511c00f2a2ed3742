package org.modelc.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A median and how low it may be.
 *
 * @param median the middle value
 * @param low the lower bound of the median's 95 % interval, by order statistics
 */
public record MedianBound(double median, double low) {
  /** Half the width of a 95 % interval in standard deviations. */
  private static final double NORMAL_95 = 1.96;

  /** Of at least one value. */
  public static MedianBound of(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int rank = (int) (sorted.size() / 2.0 - NORMAL_95 * Math.sqrt(sorted.size()) / 2);
    return new MedianBound(sorted.get(sorted.size() / 2), sorted.get(Math.max(0, rank)));
  }
}

package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Exact quantiles of each element over rows, missing values left out, interpolated linearly between
 * neighbours (type 7 of Hyndman and Fan, as NumPy and R do by default).
 *
 * <p>Elements are taken in groups, with one pass over the rows each, so that at most {@value
 * #MEMORY_BYTES} bytes are held, or one element's values if these are more.
 */
final class Quantiles {
  private static final long MEMORY_BYTES = 64L << 20;

  private Quantiles() {}

  /**
   * The quantiles of the only input's elements.
   *
   * @param shares which quantiles, each from 0 to 1
   * @return by element, then by share; NaN for an element without values
   */
  static List<double[]> of(Fitting fitting, double... shares) {
    int width = Features.width(fitting.inputShape());
    long bytes = Math.max(1, 8L * fitting.training().size());
    int together = (int) Math.max(1, Math.min(width, MEMORY_BYTES / bytes));
    List<double[]> quantiles = new ArrayList<>();
    for (int from = 0; from < width; from += together) {
      Collector values =
          new Collector(
              from,
              Math.min(width, from + together),
              fitting.training().size(),
              fitting.spec().kind());
      fitting.forEachChunk(values);
      values.appendTo(quantiles, shares);
    }
    return quantiles;
  }

  /** The quantile of sorted numbers. */
  static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** Holds the values of some elements. */
  private static final class Collector implements Fitting.Statistic {
    private final int from;
    private final String kind;
    private final double[][] values;
    private final int[] counts;

    Collector(int from, int to, int rows, String kind) {
      this.from = from;
      this.kind = kind;
      this.values = new double[to - from][rows];
      this.counts = new int[to - from];
    }

    @Override
    public void add(Features chunk) {
      double[] numbers = chunk.numbers(kind);
      int width = chunk.width();
      for (int row = 0; row < chunk.rows(); row++) {
        for (int i = 0; i < values.length; i++) {
          double number = numbers[row * width + from + i];
          if (!Double.isNaN(number)) {
            values[i][counts[i]++] = number;
          }
        }
      }
    }

    void appendTo(List<double[]> quantiles, double[] shares) {
      for (int i = 0; i < values.length; i++) {
        double[] sorted = Arrays.copyOf(values[i], counts[i]);
        Arrays.sort(sorted);
        double[] found = new double[shares.length];
        for (int j = 0; j < shares.length; j++) {
          found[j] = quantile(sorted, shares[j]);
        }
        quantiles.add(found);
      }
    }
  }
}

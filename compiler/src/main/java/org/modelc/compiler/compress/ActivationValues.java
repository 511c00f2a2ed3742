package org.modelc.compiler.compress;

import org.modelc.dsl.recipe.CompressSpec.CalibrationSpec;
import org.modelc.passes.compress.AffineRange;

/**
 * The values that a product's input took on calibration rows: first their ends, then how many lie
 * where between them.
 */
final class ActivationValues {
  private static final int BINS = 2048;
  private static final int TRIES = 40;

  private double least = Double.POSITIVE_INFINITY;
  private double greatest = Double.NEGATIVE_INFINITY;
  private boolean finite = true;
  private final long[] counts = new long[BINS];

  /** Takes values of the first look. */
  void widen(float[] values, int size) {
    for (int i = 0; i < size; i++) {
      finite &= Float.isFinite(values[i]);
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
    }
  }

  /** Takes values of the second look. */
  void count(float[] values, int size) {
    double width = greatest - least;
    for (int i = 0; i < size && width > 0; i++) {
      int bin = (int) ((values[i] - least) / width * BINS);
      counts[Math.min(BINS - 1, bin)]++;
    }
  }

  /** What is wrong with the values: no range can be chosen from them; null if all is well. */
  String problem() {
    if (least > greatest) {
      return "no value was seen";
    } else if (!finite) {
      return "a value is not finite";
    }
    return least == greatest ? "all values are " + least : null;
  }

  double least() {
    return least;
  }

  double greatest() {
    return greatest;
  }

  /** The range that a method chooses. */
  AffineRange range(CalibrationSpec calibration) {
    return switch (calibration.method()) {
      case MIN_MAX -> AffineRange.between(least, greatest);
      case PERCENTILE -> percentile(calibration.percentile() / 100);
      case MSE -> leastError();
    };
  }

  /** Each end gives up half of what is left out, 0 excepted: many values are exactly that. */
  private AffineRange percentile(double share) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    double spare = (1 - share) / 2 * all;
    int low = 0;
    for (double seen = counts[0]; seen <= spare && low < BINS - 1; seen += counts[low]) {
      low++;
    }
    int high = BINS - 1;
    for (double seen = counts[high]; seen <= spare && high > low; seen += counts[high]) {
      high--;
    }
    double width = (greatest - least) / BINS;
    return AffineRange.between(least + low * width, least + (high + 1) * width);
  }

  private AffineRange leastError() {
    AffineRange best = AffineRange.between(least, greatest);
    double smallest = error(best);
    for (int step = 1; step < TRIES; step++) {
      double part = 1 - step / (double) TRIES;
      AffineRange narrower = AffineRange.between(least * part, greatest * part);
      double error = error(narrower);
      if (error < smallest) {
        smallest = error;
        best = narrower;
      }
    }
    return best;
  }

  /** The root of the mean squared error over that of the values; by the middles of the bins. */
  double error(AffineRange range) {
    double width = (greatest - least) / BINS;
    double lost = 0;
    double whole = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double value = least + (bin + 0.5) * width;
      double difference = value - range.nearest(value);

      lost += counts[bin] * difference * difference;
      whole += counts[bin] * value * value;
    }
    return whole == 0 ? 0 : Math.sqrt(lost / whole);
  }
}

package org.modelc.compiler.compress;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
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
  private long zeros;

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
      zeros += values[i] == 0 ? 1 : 0;
      counts[bin(values[i])]++;
    }
  }

  private int bin(double value) {
    return Math.min(BINS - 1, (int) ((value - least) / (greatest - least) * BINS));
  }

  /** What is wrong with the values: no range can be chosen from them; null if all is well. */
  String problem() {
    if (least > greatest) {
      return "no value was seen";
    } else if (!finite) {
      return "a value is not finite";
    }
    if (least == greatest) {
      return "all values are " + least;
    }
    // A method may take a range as narrow as a bin, whose steps are to have a scale above 0.
    boolean steps = (greatest - least) / BINS / AffineRange.LEVELS >= Float.MIN_NORMAL;
    return steps
        ? null
        : "values from " + least + " to " + greatest + " are too near to each other";
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
      case MSE -> cheapest(this::error);
      case ENTROPY -> cheapest(this::divergence);
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

  /**
   * Of ranges from the whole down, both ends in step, the one that costs least; the wider of
   * equals.
   */
  private AffineRange cheapest(ToDoubleFunction<AffineRange> cost) {
    AffineRange best = AffineRange.between(least, greatest);
    double smallest = cost.applyAsDouble(best);
    for (int step = 1; step < TRIES; step++) {
      double part = 1 - step / (double) TRIES;
      AffineRange narrower = AffineRange.between(least * part, greatest * part);
      double price = cost.applyAsDouble(narrower);
      if (price < smallest) {
        smallest = price;
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

  /**
   * How much of what the values tell is lost: {@code KL(P ‖ Q)} of the values within the range,
   * those beyond at its ends, from what is left when values of one integer are not told apart
   * (Migacz, 8-bit Inference with TensorRT, 2017). Zeros count for nothing: the zero point stands
   * for them exactly.
   */
  double divergence(AffineRange range) {
    double[] held = new double[BINS];
    double[] within = new double[BINS];
    int[] integers = new int[BINS];
    hold(range, held, within, integers);
    double[] sums = new double[AffineRange.LEVELS];
    int[] filled = new int[AffineRange.LEVELS];
    for (int bin = 0; bin < BINS; bin++) {
      sums[integers[bin]] += within[bin];
      filled[integers[bin]] += held[bin] > 0 ? 1 : 0;
    }
    double all = Arrays.stream(held).sum();
    double inside = Arrays.stream(within).sum();
    double divergence = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (held[bin] > 0) {
        double spread = sums[integers[bin]] / filled[integers[bin]] / inside;
        divergence += held[bin] / all * Math.log(held[bin] / all / spread);
      }
    }
    return inside == 0 ? Double.POSITIVE_INFINITY : divergence;
  }

  /**
   * Counts by bin: those within a range, and with those beyond put on its last that are not empty.
   */
  private void hold(AffineRange range, double[] held, double[] within, int[] integers) {
    double width = (greatest - least) / BINS;
    int zero = zeros > 0 ? bin(0) : -1;
    int first = -1;
    int last = -1;
    double below = 0;
    double above = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double value = least + (bin + 0.5) * width;
      double count = counts[bin] - (bin == zero ? zeros : 0);
      integers[bin] = range.level(value);
      if (value < range.lowest()) {
        below += count;
      } else if (value > range.highest()) {
        above += count;
      } else if (count > 0) {
        first = first < 0 ? bin : first;
        last = bin;
        within[bin] = count;
        held[bin] = count;
      }
    }
    if (first >= 0) {
      held[first] += below;
      held[last] += above;
    }
  }
}

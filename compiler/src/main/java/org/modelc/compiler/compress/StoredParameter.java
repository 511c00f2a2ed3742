package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modelc.ir.interpreter.Array;

/**
 * A line of the table of a compression.
 *
 * @param name the parameter
 * @param shape its type before
 * @param stored how it is stored now: {@code int8}, {@code f16}, {@code bf16} or {@code f32}
 * @param bytesBefore as floats
 * @param bytesAfter with its scales
 * @param zeros the share of elements that are 0
 * @param weightError root of the mean squared error over that of the weight; of a factor of low
 *     rank that of its whole matrix, and its own on top
 * @param input what it is multiplied with: {@code floats}, {@code int8 per row}, or the calibrated
 *     range; empty for what is no weight
 * @param inputError root of the mean squared error of the range on calibration rows, over that of
 *     the values; NaN where nothing was calibrated
 * @param sensitivity by how much the recipe's first measure gets worse when only this parameter is
 *     stored so; NaN where it was not measured
 * @param histogram how many of its values lie in each of 31 equal parts around 0
 */
public record StoredParameter(
    String name,
    String shape,
    String stored,
    long bytesBefore,
    long bytesAfter,
    double zeros,
    double weightError,
    String input,
    double inputError,
    double sensitivity,
    List<Integer> histogram) {
  private static final int BINS = 31;

  /** The line with what storing this parameter alone costs. */
  public StoredParameter withSensitivity(double lost) {
    return new StoredParameter(
        name,
        shape,
        stored,
        bytesBefore,
        bytesAfter,
        zeros,
        weightError,
        input,
        inputError,
        lost,
        histogram);
  }

  /** How many values lie in each of 31 equal parts around 0, the outermost ones at the ends. */
  static List<Integer> histogram(Array values) {
    double most = 0;
    for (double value : values.data()) {
      most = Math.max(most, Math.abs(value));
    }
    List<Integer> counts = new ArrayList<>(Collections.nCopies(BINS, 0));
    for (double value : values.data()) {
      int bin = most == 0 ? BINS / 2 : (int) ((value / most + 1) / 2 * BINS);
      int within = Math.max(0, Math.min(BINS - 1, bin));
      counts.set(within, counts.get(within) + 1);
    }
    return counts;
  }
}

package org.modelc.testkit;

import java.util.Arrays;
import org.modelc.ir.interpreter.Array;

/** Compares arrays within a tolerance; NaN equals NaN, infinities equal themselves. */
public record Closeness(double relative, double absolute) {
  /** A word on the first difference, or null. */
  public String difference(Array expected, Array actual) {
    if (expected.dtype() != actual.dtype() || !Arrays.equals(expected.shape(), actual.shape())) {
      return describe(expected) + " was expected, not " + describe(actual);
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!close(expected.data()[i], actual.data()[i])) {
        String index = Arrays.toString(Array.index(expected.shape(), i));
        return "at " + index + ": expected " + expected.data()[i] + ", got " + actual.data()[i];
      }
    }
    return null;
  }

  /** Whether two numbers are the same within this tolerance. */
  public boolean close(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(expected - actual) <= absolute + relative * Math.abs(expected);
  }

  private static String describe(Array array) {
    return array.dtype() + Arrays.toString(array.shape());
  }
}

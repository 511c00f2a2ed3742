package org.modelc.benchmarks.contest;

/** How far two engines' results are from each other. */
final class Agreement {
  private Agreement() {}

  /**
   * The largest difference of two elements, over the largest element; NaN if either has one, or if
   * they have different lengths.
   */
  static double difference(float[] left, float[] right) {
    if (left.length != right.length) {
      return Double.NaN;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < left.length; i++) {
      if (Float.isNaN(left[i]) || Float.isNaN(right[i])) {
        return Double.NaN;
      }
      largest = Math.max(largest, Math.abs(left[i]));
      difference = Math.max(difference, Math.abs(left[i] - right[i]));
    }
    return difference == 0 ? 0 : difference / largest;
  }
}

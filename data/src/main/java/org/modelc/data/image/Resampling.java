package org.modelc.data.image;

/**
 * Scales one channel: by the mean of the covered area where it shrinks, by linear interpolation
 * between pixel centres where it grows. Rows and columns are scaled one after the other.
 */
final class Resampling {
  private Resampling() {}

  /**
   * Scales a window of a channel.
   *
   * @param source row-major, {@code width} a row
   * @param window x, y, width and height of the part of the source to take, in pixels and parts of
   *     them
   * @return row-major, [toHeight, toWidth]
   */
  static float[] scale(
      float[] source, int width, int height, double[] window, int toWidth, int toHeight) {
    double[][] across = weights(width, window[0], window[2], toWidth);
    double[][] down = weights(height, window[1], window[3], toHeight);
    float[] narrow = new float[height * toWidth];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < toWidth; x++) {
        narrow[y * toWidth + x] = sum(source, y * width, 1, across[x]);
      }
    }
    float[] result = new float[toHeight * toWidth];
    for (int y = 0; y < toHeight; y++) {
      for (int x = 0; x < toWidth; x++) {
        result[y * toWidth + x] = sum(narrow, x, toWidth, down[y]);
      }
    }
    return result;
  }

  /**
   * Element 0 of the weights is the first source pixel, the others its and its followers' weights.
   */
  private static float sum(float[] source, int offset, int stride, double[] weights) {
    int first = (int) weights[0];
    double sum = 0;
    for (int i = 1; i < weights.length; i++) {
      sum += weights[i] * source[offset + (first + i - 1) * stride];
    }
    return (float) sum;
  }

  private static double[][] weights(int size, double from, double extent, int toSize) {
    double step = extent / toSize;
    double[][] weights = new double[toSize][];
    for (int i = 0; i < toSize; i++) {
      double low = from + i * step;
      weights[i] = step > 1 ? area(low, low + step, size) : linear(low + step / 2, size);
    }
    return weights;
  }

  private static double[] area(double low, double high, int size) {
    int first = Math.max(0, Math.min(size - 1, (int) Math.floor(low)));
    int last = Math.max(first, Math.min(size - 1, (int) Math.ceil(high) - 1));
    double[] weights = new double[last - first + 2];
    weights[0] = first;
    double total = 0;
    for (int i = first; i <= last; i++) {
      weights[i - first + 1] = Math.max(0, Math.min(i + 1, high) - Math.max(i, low));
      total += weights[i - first + 1];
    }
    for (int i = 1; i < weights.length; i++) {
      weights[i] = total > 0 ? weights[i] / total : 1.0 / (weights.length - 1);
    }
    return weights;
  }

  private static double[] linear(double centre, int size) {
    double place = Math.max(0, Math.min(size - 1, centre - 0.5));
    int first = (int) Math.floor(place);
    double share = place - first;
    return share == 0 ? new double[] {first, 1} : new double[] {first, 1 - share, share};
  }
}

package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.RandomBits;

/**
 * Moves an image [H, W] or [C, H, W] by up to {@code pixels} along each axis, all moves equally
 * probable; what comes in is 0.
 */
final class ImageShift implements Augmentation {
  @Override
  public String name() {
    return "shift";
  }

  @Override
  public Map<String, Double> defaults() {
    return Map.of("pixels", 1.0);
  }

  @Override
  public boolean takes(List<Integer> shape) {
    return shape.size() == 2 || shape.size() == 3;
  }

  @Override
  public void apply(
      float[] values,
      int from,
      List<Integer> shape,
      Map<String, Double> settings,
      RandomBits random) {
    int most = settings.get("pixels").intValue();
    int down = random.nextInt(2 * most + 1) - most;
    int right = random.nextInt(2 * most + 1) - most;
    int height = shape.get(shape.size() - 2);
    int width = shape.get(shape.size() - 1);
    int planes = shape.size() == 3 ? shape.get(0) : 1;
    float[] plane = new float[height * width];
    for (int i = 0; i < planes; i++) {
      int start = from + i * plane.length;
      System.arraycopy(values, start, plane, 0, plane.length);
      shift(plane, values, start, height, width, down, right);
    }
  }

  private static void shift(
      float[] plane, float[] values, int start, int height, int width, int down, int right) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int row = y - down;
        int column = x - right;
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        values[start + y * width + x] = inside ? plane[row * width + column] : 0;
      }
    }
  }
}

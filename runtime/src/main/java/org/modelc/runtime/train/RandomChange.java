package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.RandomBits;

/** The augmentations, each with one setting. One class for all keeps the runtime small. */
final class RandomChange implements Augmentation {
  /** Adds a normal random number with mean 0 and the given {@code deviation} to each element. */
  static final RandomChange NOISE = new RandomChange("noise", "deviation", 0.1);

  /** Mirrors an image [H, W] or [C, H, W] left to right, with a {@code probability}. */
  static final RandomChange HORIZONTAL_FLIP =
      new RandomChange("horizontal_flip", "probability", 0.5);

  /**
   * Moves an image [H, W] or [C, H, W] by up to {@code pixels} along each axis, all moves equally
   * probable; what comes in is 0.
   */
  static final RandomChange SHIFT = new RandomChange("shift", "pixels", 1);

  private final String name;
  private final String setting;
  private final double usual;

  private RandomChange(String name, String setting, double usual) {
    this.name = name;
    this.setting = setting;
    this.usual = usual;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Double> defaults() {
    return Map.of(setting, usual);
  }

  @Override
  public boolean takes(List<Integer> shape) {
    return this == NOISE || shape.size() == 2 || shape.size() == 3;
  }

  @Override
  public void apply(
      float[] values,
      int from,
      List<Integer> shape,
      Map<String, Double> settings,
      RandomBits random) {
    double amount = settings.get(setting);
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    if (this == NOISE) {
      for (int i = from; i < from + size; i++) {
        values[i] += (float) (amount * random.nextGaussian());
      }
    } else if (this == SHIFT) {
      shift(values, from, size, shape, (int) amount, random);
    } else if (random.nextDouble() < amount) {
      flip(values, from, size, shape.get(shape.size() - 1));
    }
  }

  private static void flip(float[] values, int from, int size, int width) {
    for (int row = from; row < from + size; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        float value = values[left];
        values[left] = values[right];
        values[right] = value;
      }
    }
  }

  private static void shift(
      float[] values, int from, int size, List<Integer> shape, int most, RandomBits random) {
    int down = random.nextInt(2 * most + 1) - most;
    int right = random.nextInt(2 * most + 1) - most;
    int height = shape.get(shape.size() - 2);
    int width = shape.get(shape.size() - 1);
    float[] plane = new float[height * width];
    for (int start = from; start < from + size; start += plane.length) {
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

package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.RandomBits;

/** Mirrors an image [H, W] or [C, H, W] left to right, with a {@code probability}. */
final class HorizontalFlip implements Augmentation {
  @Override
  public String name() {
    return "horizontal_flip";
  }

  @Override
  public Map<String, Double> defaults() {
    return Map.of("probability", 0.5);
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
    if (random.nextDouble() >= settings.get("probability")) {
      return;
    }
    int width = shape.get(shape.size() - 1);
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    for (int row = from; row < from + size; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        float value = values[left];
        values[left] = values[right];
        values[right] = value;
      }
    }
  }
}

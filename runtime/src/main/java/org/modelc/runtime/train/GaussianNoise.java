package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.RandomBits;

/** Adds a normal random number with mean 0 and the given {@code deviation} to each element. */
final class GaussianNoise implements Augmentation {
  @Override
  public String name() {
    return "noise";
  }

  @Override
  public Map<String, Double> defaults() {
    return Map.of("deviation", 0.1);
  }

  @Override
  public boolean takes(List<Integer> shape) {
    return true;
  }

  @Override
  public void apply(
      float[] values,
      int from,
      List<Integer> shape,
      Map<String, Double> settings,
      RandomBits random) {
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    double deviation = settings.get("deviation");
    for (int i = from; i < from + size; i++) {
      values[i] += (float) (deviation * random.nextGaussian());
    }
  }
}

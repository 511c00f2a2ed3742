package org.modelc.runtime.transform;

import java.util.Map;
import org.modelc.runtime.spec.FittedTransform;

/** {@code x + 1}, {@code x - 1}: every element plus the option {@code offset}. */
final class Shifted extends ElementTransform {
  Shifted() {
    super("shifted");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    return fitting.result(Map.of());
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    double offset = Options.number(fitted.options(), "offset", 0);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] += offset;
    }
  }
}

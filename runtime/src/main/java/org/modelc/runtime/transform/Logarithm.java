package org.modelc.runtime.transform;

import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/** {@code log(x)}: natural logarithms of positive numbers; add 1 first where zeros occur. */
final class Logarithm extends ElementTransform {
  Logarithm() {
    super("log");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    return fitting.result(Map.of());
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] <= 0) {
        throw new DataException(
            "log of "
                + numbers[i]
                + " for `"
                + Transforms.names(fitted).get(i % width)
                + "` in row "
                + (i / width + 1),
            "log(x + 1) takes zeros; clipped(x, low: …) keeps values positive");
      }
      numbers[i] = Math.log(numbers[i]);
    }
  }
}

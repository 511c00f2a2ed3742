package org.modelc.runtime.transform;

import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/** {@code sqrt(x)}: square roots of numbers that are not negative. */
final class SquareRoot extends ElementTransform {
  SquareRoot() {
    super("sqrt");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    return fitting.result(Map.of());
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        throw new DataException(
            "sqrt of "
                + numbers[i]
                + " for `"
                + Transforms.names(fitted).get(i % width)
                + "` in row "
                + (i / width + 1),
            "clipped(x, low: 0) keeps values from being negative");
      }
      numbers[i] = Math.sqrt(numbers[i]);
    }
  }
}

package org.modelc.runtime.transform;

import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code x * 2} with the option {@code factor}, {@code x / 16} with the option {@code divisor}:
 * kept apart because a quotient rounds otherwise than a product with the reciprocal.
 */
final class Scaled extends ElementTransform {
  Scaled() {
    super("scaled");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    if (Options.number(fitting.spec().options(), "divisor", 1) == 0) {
      throw new DataException("an input is divided by 0", "");
    }
    return fitting.result(Map.of());
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    double factor = Options.number(fitted.options(), "factor", 1);
    double divisor = Options.number(fitted.options(), "divisor", 1);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = numbers[i] * factor / divisor;
    }
  }
}

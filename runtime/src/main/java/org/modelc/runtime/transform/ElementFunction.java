package org.modelc.runtime.transform;

import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * Functions of an element alone, which learn nothing: {@code scaled} by the option {@code factor}
 * or {@code divisor} (kept apart because a quotient rounds otherwise than a product with the
 * reciprocal), {@code shifted} by {@code offset}, {@code log} of positive numbers, {@code sqrt} of
 * numbers that are not negative.
 */
final class ElementFunction extends ElementTransform {
  ElementFunction(String kind) {
    super(kind);
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
    double offset = Options.number(fitted.options(), "offset", 0);
    boolean root = kind().equals("sqrt");
    boolean curved = root || kind().equals("log");
    for (int i = 0; i < numbers.length; i++) {
      if (!curved) {
        double scaled = numbers[i] * factor / divisor;
        numbers[i] = offset == 0 ? scaled : scaled + offset;
      } else if (numbers[i] < 0 || numbers[i] == 0 && !root) {
        throw outside(fitted, numbers[i], i, width);
      } else {
        numbers[i] = root ? Math.sqrt(numbers[i]) : Math.log(numbers[i]);
      }
    }
  }

  private DataException outside(FittedTransform fitted, double number, int place, int width) {
    return new DataException(
        kind()
            + " of "
            + number
            + " for `"
            + Transforms.names(fitted).get(place % width)
            + "` in row "
            + (place / width + 1),
        kind().equals("sqrt")
            ? "clipped(x, low: 0) keeps values from being negative"
            : "log(x + 1) takes zeros; clipped(x, low: …) keeps values positive");
  }
}

package org.modelc.runtime.transform;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code standardized(x)}: each element minus its mean, over its population standard deviation, as
 * learned. A constant element becomes 0. Missing values stay missing.
 */
final class Standardized extends ElementTransform {
  Standardized() {
    super("standardized");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    Moments moments = new Moments(Features.width(fitting.inputShape()), 1, kind());
    fitting.forEachChunk(moments);
    List<Double> deviations = moments.deviations();
    for (int i = 0; i < deviations.size(); i++) {
      if (deviations.get(i) == 0) {
        fitting.warn(
            "`"
                + fitting.inputNames().get(i)
                + "` is constant in the training rows; standardized"
                + " makes it 0");
      }
    }
    return fitting.result(Map.of("mean", moments.means(), "deviation", deviations));
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    double[] means = learned(fitted, "mean");
    double[] deviations = learned(fitted, "deviation");
    for (int i = 0; i < numbers.length; i++) {
      int element = i % width;
      numbers[i] =
          deviations[element] == 0 ? 0 : (numbers[i] - means[element]) / deviations[element];
    }
  }
}

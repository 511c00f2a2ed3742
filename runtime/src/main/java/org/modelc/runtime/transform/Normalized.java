package org.modelc.runtime.transform;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code normalized(image, mean: […], deviation: […])}: each channel of an image [C, H, W] minus
 * its mean, over its standard deviation; learned from the training rows where not given. A constant
 * channel becomes 0.
 */
final class Normalized extends ElementTransform {
  Normalized() {
    super("normalized");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    List<Integer> shape = fitting.inputShape();
    if (shape.size() != 3) {
      throw new DataException(
          "normalized works by channel on images [channels, height, width], got " + shape,
          "standardized(…) works on each element");
    }
    List<Double> means = given(fitting, "mean", shape.get(0));
    List<Double> deviations = given(fitting, "deviation", shape.get(0));
    if (means == null || deviations == null) {
      Moments moments = new Moments(shape.get(0), shape.get(1) * shape.get(2), kind());
      fitting.forEachChunk(moments);
      means = means == null ? moments.means() : means;
      deviations = deviations == null ? moments.deviations() : deviations;
    }
    return fitting.result(Map.of("mean", means, "deviation", deviations));
  }

  private static List<Double> given(Fitting fitting, String name, int channels) {
    List<Double> numbers = Options.numbers(fitting.spec().options(), name);
    if (numbers != null && numbers.size() != channels) {
      throw new DataException(
          "normalized has "
              + numbers.size()
              + " numbers for `"
              + name
              + "`, the image has "
              + channels
              + " channels",
          "give one for each channel, or none to learn them");
    }
    return numbers;
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    double[] means = learned(fitted, "mean");
    double[] deviations = learned(fitted, "deviation");
    int plane = width / means.length;
    for (int i = 0; i < numbers.length; i++) {
      int channel = (i % width) / plane;
      numbers[i] =
          deviations[channel] == 0 ? 0 : (numbers[i] - means[channel]) / deviations[channel];
    }
  }
}

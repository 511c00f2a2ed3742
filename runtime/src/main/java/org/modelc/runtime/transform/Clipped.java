package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code clipped(x, iqr: 1.5)}: each element brought into [q₁ − f·(q₃ − q₁), q₃ + f·(q₃ − q₁)] of
 * its training values; {@code z: 3} into mean ± f population deviations; {@code low:} and {@code
 * high:} into given limits.
 */
final class Clipped extends ElementTransform {
  Clipped() {
    super("clipped");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    Map<String, Object> options = fitting.spec().options();
    boolean iqr = options.containsKey("iqr");
    boolean z = options.containsKey("z");
    boolean given = options.containsKey("low") || options.containsKey("high");
    if ((iqr ? 1 : 0) + (z ? 1 : 0) + (given ? 1 : 0) != 1) {
      throw new DataException(
          "clipped needs one rule for its limits", "say iqr: 1.5, z: 3, or low: and high:");
    }
    List<Double> lows = new ArrayList<>();
    List<Double> highs = new ArrayList<>();
    if (iqr) {
      byQuartiles(fitting, Options.number(options, "iqr", 0), lows, highs);
    } else if (z) {
      byDeviations(fitting, Options.number(options, "z", 0), lows, highs);
    } else {
      byLimits(fitting, lows, highs);
    }
    return fitting.result(Map.of("low", lows, "high", highs));
  }

  private static void byQuartiles(
      Fitting fitting, double factor, List<Double> lows, List<Double> highs) {
    for (double[] quartiles : Quantiles.of(fitting, 0.25, 0.75)) {
      double range = quartiles[1] - quartiles[0];
      lows.add(quartiles[0] - factor * range);
      highs.add(quartiles[1] + factor * range);
    }
  }

  private static void byDeviations(
      Fitting fitting, double factor, List<Double> lows, List<Double> highs) {
    Moments moments = new Moments(Features.width(fitting.inputShape()), 1, "clipped");
    fitting.forEachChunk(moments);
    List<Double> means = moments.means();
    List<Double> deviations = moments.deviations();
    for (int i = 0; i < means.size(); i++) {
      lows.add(means.get(i) - factor * deviations.get(i));
      highs.add(means.get(i) + factor * deviations.get(i));
    }
  }

  private static void byLimits(Fitting fitting, List<Double> lows, List<Double> highs) {
    double low = Options.number(fitting.spec().options(), "low", -Double.MAX_VALUE);
    double high = Options.number(fitting.spec().options(), "high", Double.MAX_VALUE);
    for (int i = 0; i < Features.width(fitting.inputShape()); i++) {
      lows.add(low);
      highs.add(high);
    }
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    double[] lows = learned(fitted, "low");
    double[] highs = learned(fitted, "high");
    for (int i = 0; i < numbers.length; i++) {
      int element = i % width;
      if (numbers[i] < lows[element]) {
        numbers[i] = lows[element];
      } else if (numbers[i] > highs[element]) {
        numbers[i] = highs[element];
      }
    }
  }
}

package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code min_max(x, low: 0, high: 1)}: each element so that its training values span [low, high].
 * New values may lie outside. A constant element becomes {@code low}.
 */
final class MinMax extends ElementTransform {
  MinMax() {
    super("min_max");
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    Map<String, Object> options = fitting.spec().options();
    if (Options.number(options, "low", 0) >= Options.number(options, "high", 1)) {
      throw new DataException("min_max needs low < high", "the default is low: 0, high: 1");
    }
    Extremes extremes = new Extremes(Features.width(fitting.inputShape()));
    fitting.forEachChunk(extremes);
    for (int i = 0; i < extremes.least.length; i++) {
      if (!(extremes.least[i] < extremes.greatest[i])) {
        fitting.warn("`" + fitting.inputNames().get(i) + "` is constant in the training rows");
      }
    }
    return fitting.result(
        Map.of("least", listed(extremes.least), "greatest", listed(extremes.greatest)));
  }

  @Override
  void apply(FittedTransform fitted, double[] numbers, int width) {
    double[] least = learned(fitted, "least");
    double[] greatest = learned(fitted, "greatest");
    double low = Options.number(fitted.options(), "low", 0);
    double high = Options.number(fitted.options(), "high", 1);
    for (int i = 0; i < numbers.length; i++) {
      int element = i % width;
      double span = greatest[element] - least[element];
      double share = span > 0 ? (numbers[i] - least[element]) / span : 0;
      numbers[i] = low + share * (high - low);
    }
  }

  private static List<Double> listed(double[] numbers) {
    List<Double> list = new ArrayList<>();
    for (double number : numbers) {
      list.add(Double.isInfinite(number) ? 0 : number);
    }
    return list;
  }

  /** Least and greatest value of each element. */
  private static final class Extremes implements Fitting.Statistic {
    private final double[] least;
    private final double[] greatest;

    Extremes(int width) {
      least = new double[width];
      greatest = new double[width];
      java.util.Arrays.fill(least, Double.POSITIVE_INFINITY);
      java.util.Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    }

    @Override
    public void add(Features chunk) {
      double[] numbers = chunk.numbers("min_max");
      for (int i = 0; i < numbers.length; i++) {
        int element = i % least.length;
        if (numbers[i] < least[element]) {
          least[element] = numbers[i];
        }
        if (numbers[i] > greatest[element]) {
          greatest[element] = numbers[i];
        }
      }
    }
  }
}

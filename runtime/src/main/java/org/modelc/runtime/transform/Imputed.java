package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code imputed(Age, Income, by: median)}: missing values filled with the training rows' mean,
 * median or most frequent value ({@code most_frequent}, the first in order among equals), or with
 * {@code by: constant, value: 0}.
 *
 * <p>With {@code indicator: true} a vector grows by one element for each that has gaps in training:
 * 1 where it was filled.
 */
final class Imputed implements Transform {
  private static final List<String> RULES = List.of("mean", "median", "most_frequent", "constant");
  private static final String FILL = "fill";
  private static final String INDICATOR = "indicator";

  @Override
  public String kind() {
    return "imputed";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    String rule = Options.text(fitting.spec().options(), "by", "");
    if (!RULES.contains(rule)) {
      throw new DataException(
          "imputed has no rule `" + rule + "`",
          "say by: mean, median, most_frequent or constant; " + NearestName.hint(rule, RULES));
    }
    Gaps gaps = new Gaps(Features.width(fitting.inputShape()));
    fitting.forEachChunk(gaps);
    List<Double> indicators = indicators(fitting, gaps);
    List<Integer> shape =
        indicators.isEmpty()
            ? fitting.inputShape()
            : List.of(Features.width(fitting.inputShape()) + indicators.size());
    if (gaps.text) {
      return fitting.result(
          Map.of(INDICATOR, indicators), Map.of(FILL, textFills(fitting, rule)), shape);
    }
    return fitting.result(
        Map.of(FILL, numberFills(fitting, rule), INDICATOR, indicators), Map.of(), shape);
  }

  private static List<Double> indicators(Fitting fitting, Gaps gaps) {
    List<Double> indicators = new ArrayList<>();
    if (!Options.bool(fitting.spec().options(), INDICATOR, false)) {
      return indicators;
    }
    if (fitting.inputShape().size() > 1 || gaps.text) {
      throw new DataException("imputed adds indicators to columns of numbers only", "");
    }
    for (int i = 0; i < gaps.counts.length; i++) {
      if (gaps.counts[i] > 0) {
        indicators.add((double) i);
      }
    }
    return indicators;
  }

  private static List<Double> numberFills(Fitting fitting, String rule) {
    int width = Features.width(fitting.inputShape());
    List<Double> fills = new ArrayList<>();
    if (rule.equals("constant")) {
      double value = Options.number(fitting.spec().options(), "value", 0);
      for (int i = 0; i < width; i++) {
        fills.add(value);
      }
    } else if (rule.equals("mean")) {
      Moments moments = new Moments(width, 1, "imputed");
      fitting.forEachChunk(moments);
      List<Double> means = moments.means();
      for (int i = 0; i < width; i++) {
        fills.add(moments.count(i) == 0 ? Double.NaN : means.get(i));
      }
    } else if (rule.equals("median")) {
      for (double[] median : Quantiles.of(fitting, 0.5)) {
        fills.add(median[0]);
      }
    } else {
      CategoryCounts counts = new CategoryCounts(width);
      fitting.forEachChunk(counts);
      for (int i = 0; i < width; i++) {
        String text = counts.mostFrequent(i);
        fills.add(text == null ? Double.NaN : NumberText.parse(text));
      }
    }
    checkFilled(fitting, fills);
    return fills;
  }

  private static void checkFilled(Fitting fitting, List<Double> fills) {
    for (int i = 0; i < fills.size(); i++) {
      if (Double.isNaN(fills.get(i))) {
        throw new DataException(
            "`"
                + fitting.inputNames().get(i)
                + "` has no value in any training row, so there is"
                + " nothing to impute from",
            "leave it out, or say by: constant, value: 0");
      }
    }
  }

  private static List<String> textFills(Fitting fitting, String rule) {
    int width = Features.width(fitting.inputShape());
    List<String> fills = new ArrayList<>();
    if (rule.equals("constant")) {
      for (int i = 0; i < width; i++) {
        fills.add(Options.text(fitting.spec().options(), "value", "missing"));
      }
      return fills;
    }
    if (!rule.equals("most_frequent")) {
      throw new DataException(
          "imputed by "
              + rule
              + " needs numbers, `"
              + fitting.inputNames().get(0)
              + "` and its neighbours hold text",
          "say by: most_frequent, or use one_hot(…), where missing is a category of its own");
    }
    CategoryCounts counts = new CategoryCounts(width);
    fitting.forEachChunk(counts);
    for (int i = 0; i < width; i++) {
      String text = counts.mostFrequent(i);
      if (text == null) {
        throw new DataException(
            "`" + fitting.inputNames().get(i) + "` has no value in any training row", "");
      }
      fills.add(text);
    }
    return fills;
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    Features input = inputs.get(0);
    List<String> texts = fitted.texts().get(FILL);
    return texts == null ? numbers(fitted, input) : texts(texts, input);
  }

  private static Features texts(List<String> fills, Features input) {
    String[] filled = input.texts().clone();
    for (int i = 0; i < filled.length; i++) {
      if (filled[i] == null) {
        filled[i] = fills.get(i % fills.size());
      }
    }
    return Features.ofTexts(input.rows(), input.shape(), filled);
  }

  private static Features numbers(FittedTransform fitted, Features input) {
    double[] fills = ElementTransform.learned(fitted, FILL);
    double[] indicators = ElementTransform.learned(fitted, INDICATOR);
    double[] numbers = input.numbers("imputed");
    int width = fills.length;
    int wide = width + indicators.length;
    double[] filled = new double[input.rows() * wide];
    for (int row = 0; row < input.rows(); row++) {
      for (int i = 0; i < width; i++) {
        double number = numbers[row * width + i];
        filled[row * wide + i] = Double.isNaN(number) ? fills[i] : number;
      }
      for (int i = 0; i < indicators.length; i++) {
        boolean gap = Double.isNaN(numbers[row * width + (int) indicators[i]]);
        filled[row * wide + width + i] = gap ? 1 : 0;
      }
    }
    return Features.ofNumbers(input.rows(), fitted.shape(), filled);
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    List<String> names = new ArrayList<>(inputs.get(0));
    for (double element : fitted.numbers().get(INDICATOR)) {
      names.add(inputs.get(0).get((int) element) + " missing");
    }
    return names;
  }

  /** Counts missing values of each element. */
  private static final class Gaps implements Fitting.Statistic {
    private final long[] counts;
    private boolean text;

    Gaps(int width) {
      counts = new long[width];
    }

    @Override
    public void add(Features chunk) {
      text = chunk.isText();
      if (text) {
        return;
      }
      double[] numbers = chunk.numbers("imputed");
      for (int i = 0; i < numbers.length; i++) {
        if (Double.isNaN(numbers[i])) {
          counts[i % counts.length]++;
        }
      }
    }
  }
}

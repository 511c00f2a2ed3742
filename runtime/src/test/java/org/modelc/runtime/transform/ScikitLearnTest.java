package org.modelc.runtime.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.modelc.runtime.transform.Specs.columns;
import static org.modelc.runtime.transform.Specs.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modelc.runtime.data.ArrayDataset;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.TransformSpec;

/** Against scikit-learn 1.2.1 and NumPy; testkit/fixtures/transforms.py makes the fixtures. */
class ScikitLearnTest {
  private static final TransformSpec NUMBERS = columns("age", "income", "constant");
  private static final TransformSpec TWO = columns("age", "income");

  @ParameterizedTest
  @ValueSource(strings = {"mean", "median", "most_frequent", "constant"})
  void imputes(String rule) {
    compare("imputed-" + rule, spec("imputed", Map.of("by", rule, "value", -1.5), NUMBERS));
  }

  @Test
  void addsIndicatorsForColumnsWithGaps() {
    compare(
        "imputed-indicator", spec("imputed", Map.of("by", "median", "indicator", true), NUMBERS));
  }

  @Test
  void standardizesByPopulationStatistics() {
    compare("standardized", spec("standardized", Map.of(), median(NUMBERS)));
  }

  @Test
  void scalesToARange() {
    // Gaps do not move extremes, and the median lies between them.
    compare("min-max", spec("min_max", Map.of("low", -1, "high", 1), median(TWO)));
  }

  @Test
  void encodesCategories() {
    compare("one-hot", spec("one_hot", Map.of(), columns("home", "grade")));
    compare("ordinal", spec("ordinal", Map.of(), columns("grade")));
  }

  @Test
  void clipsByLimitsLearnedFromPresentValues() {
    compare("clipped-iqr", median(spec("clipped", Map.of("iqr", 0.5), TWO)));
    compare("clipped-z", median(spec("clipped", Map.of("z", 1), TWO)));
  }

  @Test
  void learnsTheSameInChunksAsAtOnce() {
    FittedTransform once = Transforms.fit(spec("standardized", Map.of(), TWO), data("train"));
    // 2²⁰ elements make a chunk; 30 copies of 37 rows of 1,024 columns are more.
    int copies = 30;
    double[] values = new double[37 * copies];
    double[] income = data("train").readAll(List.of("income")).numbers("income");
    for (int i = 0; i < values.length; i++) {
      values[i] = income[i % 37];
    }
    ArrayDataset.Builder builder = ArrayDataset.builder();
    for (int i = 0; i < 1024; i++) {
      builder.number("c" + i, values);
    }
    FittedTransform chunked =
        Transforms.fit(spec("standardized", Map.of(), Specs.pattern("c*")), builder.build());
    assertThat(chunked.numbers().get("mean").get(1023))
        .isCloseTo(once.numbers().get("mean").get(1), within(1e-9));
    assertThat(chunked.numbers().get("deviation").get(1023))
        .isCloseTo(once.numbers().get("deviation").get(1), within(1e-9));
  }

  private static TransformSpec median(TransformSpec input) {
    return spec("imputed", Map.of("by", "median"), input);
  }

  private static void compare(String fixture, TransformSpec spec) {
    FittedTransform fitted = Transforms.fit(spec, data("train"));
    float[] actual = Transforms.apply(fitted, data("test").read(Dataset.range(0, 11)));
    List<String[]> expected = lines(fixture);
    assertThat(fitted.shape()).containsExactly(expected.get(0).length);
    assertThat(actual).hasSize(11 * expected.get(0).length);
    for (int i = 0; i < actual.length; i++) {
      String[] row = expected.get(i / expected.get(0).length);
      float value = (float) Double.parseDouble(row[i % row.length]);
      assertThat(actual[i]).as(fixture + " element " + i).isCloseTo(value, within(Math.ulp(value)));
    }
  }

  private static Dataset data(String name) {
    List<String[]> rows = lines(name);
    ArrayDataset.Builder builder = ArrayDataset.builder();
    String[] names = {"age", "income", "constant", "home", "grade"};
    for (int column = 0; column < names.length; column++) {
      double[] numbers = new double[rows.size()];
      String[] texts = new String[rows.size()];
      for (int row = 0; row < numbers.length; row++) {
        String cell = rows.get(row)[column];
        texts[row] = cell.isEmpty() ? null : cell;
        numbers[row] = column > 2 || cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
      }
      builder =
          column > 2 ? builder.text(names[column], texts) : builder.number(names[column], numbers);
    }
    return builder.build();
  }

  private static List<String[]> lines(String name) {
    try (InputStream in =
        ScikitLearnTest.class.getResourceAsStream("/transforms/" + name + ".csv")) {
      List<String[]> lines = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        lines.add(line.split(",", -1));
      }
      return lines;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

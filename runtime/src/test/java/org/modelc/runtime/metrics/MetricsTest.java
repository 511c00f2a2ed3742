package org.modelc.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.runtime.spec.Json;

class MetricsTest {
  /** Values of scikit-learn, made by testkit/fixtures/metrics.py. */
  static Stream<Map<String, Object>> cases() throws Exception {
    try (InputStream in = MetricsTest.class.getResourceAsStream("/metrics.json")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      @SuppressWarnings("unchecked")
      List<Map<String, Object>> cases = (List<Map<String, Object>>) Json.read(text);
      return cases.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @SuppressWarnings("unchecked")
  void valuesAreThoseOfScikitLearn(Map<String, Object> given) {
    MetricInput input =
        new MetricInput(
            numbers(given.get("predicted")),
            ((Long) given.get("width")).intValue(),
            (Boolean) given.get("classes"),
            numbers(given.get("target")),
            numbers(given.get("weights")),
            (Map<String, Object>) given.get("options"));
    Map<String, Object> expected = (Map<String, Object>) given.get("expected");
    assertThat(expected).isNotEmpty();
    expected.forEach(
        (name, value) ->
            assertThat(Metrics.of(name).value(input))
                .as("%s of %s", name, given.get("name"))
                .isCloseTo((Double) value, within(1e-9)));
  }

  private static double[] numbers(Object list) {
    return list == null
        ? null
        : ((List<?>) list).stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
  }

  private static MetricInput input(double[] predicted, double[] target) {
    return new MetricInput(predicted, 1, false, target, null, Map.of());
  }

  /** Three of four rows are of class 0. */
  @Test
  void baselinesOfClassesAreTheBestConstantsByHand() {
    MetricInput input = input(new double[] {0.1, 0.9, 0.2, 0.8}, new double[] {0, 0, 0, 1});
    assertThat(Metrics.of("accuracy").baseline(input)).isEqualTo(0.75);
    assertThat(Metrics.of("auc").baseline(input)).isEqualTo(0.5);
    assertThat(Metrics.of("pr_auc").baseline(input)).isEqualTo(0.25);
    assertThat(Metrics.of("precision").baseline(input)).isEqualTo(0.25);
    assertThat(Metrics.of("recall").baseline(input)).isEqualTo(1);
    assertThat(Metrics.of("f1").baseline(input)).isEqualTo(0.4);
    double entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    assertThat(Metrics.of("log_loss").baseline(input)).isCloseTo(entropy, within(1e-12));
  }

  @Test
  void baselinesOfNumbersAreMeanAndMedianByHand() {
    MetricInput input = input(new double[] {0, 0, 0, 0}, new double[] {1, 2, 3, 10});
    assertThat(Metrics.of("mse").baseline(input)).isEqualTo((9 + 4 + 1 + 36) / 4.0);
    assertThat(Metrics.of("rmse").baseline(input)).isEqualTo(Math.sqrt(12.5));
    assertThat(Metrics.of("mae").baseline(input)).isEqualTo((1 + 0 + 1 + 8) / 4.0);
    assertThat(Metrics.of("r2").baseline(input)).isEqualTo(0);
  }

  @Test
  void confusionCountsTrueByPredicted() {
    MetricInput input =
        new MetricInput(
            new double[] {0, 1, 1, 2}, 1, true, new double[] {0, 0, 1, 1}, null, Map.of());
    assertThat(ConfusionMatrix.of(input).counts())
        .isDeepEqualTo(new double[][] {{1, 1, 0}, {0, 1, 1}, {0, 0, 0}});
  }

  @Test
  void saysWhatItCannotMeasure() {
    assertThatThrownBy(() -> Metrics.of("acuracy"))
        .hasMessage("no metric `acuracy`")
        .extracting("hint")
        .isEqualTo("did you mean `accuracy`?");
    assertThatThrownBy(
            () -> Metrics.of("auc").value(input(new double[] {1, 2}, new double[] {1, 1})))
        .hasMessage("auc of rows that are all positive");
    assertThatThrownBy(
            () -> Metrics.of("auc").value(input(new double[] {1, 2}, new double[] {1, 2})))
        .hasMessageContaining("targets of 0 and 1, one is 2.0");
    assertThatThrownBy(() -> Metrics.of("mse").value(input(new double[] {1, 2}, new double[] {1})))
        .hasMessageContaining("2 results for 1 targets");
    assertThatThrownBy(() -> input(new double[0], new double[0]))
        .hasMessage("there are no rows to measure");
  }
}

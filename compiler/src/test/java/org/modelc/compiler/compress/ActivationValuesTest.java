package org.modelc.compiler.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.dsl.recipe.CompressSpec.CalibrationSpec;
import org.modelc.dsl.recipe.CompressSpec.Method;
import org.modelc.passes.compress.AffineRange;

/** Ranges of values: by hand, and as scipy measures entropy (testkit/fixtures/compression.py). */
class ActivationValuesTest {
  private static ActivationValues seen(float... values) {
    ActivationValues seen = new ActivationValues();
    seen.widen(values, values.length);
    seen.count(values, values.length);
    return seen;
  }

  private static AffineRange range(ActivationValues seen, Method method) {
    return seen.range(new CalibrationSpec(1, method, 100));
  }

  @Test
  void evenlySpreadValuesLoseNothingInTheWholeRange() {
    float[] values = new float[2048 * 4 + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 8192f;
    }
    ActivationValues seen = seen(values);
    AffineRange whole = AffineRange.between(0, 1);
    assertThat(range(seen, Method.MIN_MAX)).isEqualTo(whole);
    // All bins but the last, which has the end too, are alike: integers tell as much as values.
    assertThat(seen.divergence(whole)).isCloseTo(0, within(1e-4));
    // Half of them at one value, which had a thousandth: 0.5 · ln 512 - 0.5 · ln 2 = 2.77.
    assertThat(seen.divergence(AffineRange.between(0, 0.5))).isGreaterThan(1);
  }

  @Test
  void twoValuesOfOneIntegerAreNotToldApart() {
    // Bins 0 and 3 of 2048 from 0 to 2048 both are integer 0 of steps of 8.03: P = (3, 1, 1) / 5
    // with
    // the end, Q = (2, 2, 1) / 5.
    ActivationValues seen = seen(0.5f, 0.25f, 0.75f, 3.5f, 2048, -0f);
    double expected = 0.6 * Math.log(3 / 2.0) + 0.2 * Math.log(1 / 2.0);
    assertThat(seen.divergence(AffineRange.between(0, 2048))).isCloseTo(expected, within(1e-12));
    // What lies beyond is put on the last value within: P = (3, 2) / 5, Q = (3, 1) / 4.
    double held = 0.6 * Math.log(0.6 / 0.75) + 0.4 * Math.log(0.4 / 0.25);
    assertThat(seen.divergence(AffineRange.between(0, 200))).isCloseTo(held, within(1e-12));
  }

  @Test
  void rangesOfLeastEntropyAreThoseOfScipy() throws IOException {
    List<double[]> lines = fixture();
    assertThat(lines).hasSize(5);
    for (double[] line : lines) {
      ActivationValues seen = seen(drawn((int) line[0], line[1], line[2], line[3]));
      AffineRange found = range(seen, Method.ENTROPY);
      assertThat((double) found.scale()).isCloseTo(line[4], within(line[4] * 1e-6));
      assertThat(found.zeroPoint()).isEqualTo((int) line[5]);
      assertThat(seen.divergence(found)).isCloseTo(line[6], within(1e-3 * line[6]));
      assertThat(found.scale()).isLessThanOrEqualTo(range(seen, Method.MIN_MAX).scale());
    }
  }

  private static float[] drawn(int count, double power, double negative, double far) {
    float[] values = new float[count + 1];
    for (int i = 0; i < count; i++) {
      double value = Math.pow(-Math.log(1 - (i + 0.5) / count), power);
      values[i] = (float) (i % 4 == 0 ? 0 : i % 3 == 0 ? value * negative : value);
    }
    values[count] = (float) far;
    return values;
  }

  private static List<double[]> fixture() throws IOException {
    try (InputStream file = ActivationValuesTest.class.getResourceAsStream("entropy.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }
}

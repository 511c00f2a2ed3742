package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "dense, logits.dense.weight, true",
    "dense, logits.dense_2.weight, true",
    "dense.weight, logits.dense_12.weight, true",
    "dense, logits.dense_wide.weight, false",
    "dense_2, logits.dense.weight, false",
    "dense.weight, logits.dense.weight, true",
    "*.bias, logits.dense.bias, true",
    "*.bias, logits.bias.weight, false",
    "logits.*, logits.dense.bias, true",
    "logits.*, other.logits.bias, false",
    "*dense*, logits.dense_2.bias, true",
    "logits.*.bias, logits.dense.bias, true",
  })
  void segmentsOrTheWholePath(String pattern, String path, boolean matches) {
    assertThat(PathPattern.matches(pattern, path)).isEqualTo(matches);
  }
}

package org.modelc.runtime.transform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
  @Test
  void readsDecimals() {
    assertThat(NumberText.parse(" -1.5e3 ")).isEqualTo(-1500);
    assertThat(NumberText.parse(".5")).isEqualTo(0.5);
    assertThat(NumberText.parse("+7.")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ".", "1d", "0x10", "NaN", "Infinity", "1e", "1e999", "1 2", "--1"})
  void refusesWhatIsNoDecimal(String text) {
    assertThat(NumberText.parse(text)).isNaN();
  }

  @Test
  void patternsMatchWholeNames() {
    assertThat(ColumnPattern.matches("pixel_*", "pixel_3")).isTrue();
    assertThat(ColumnPattern.matches("*_*_x", "a_b_c_x")).isTrue();
    assertThat(ColumnPattern.matches("pixel_*", "my_pixel_3")).isFalse();
    assertThat(ColumnPattern.matches("a*b", "acbd")).isFalse();
    assertThat(ColumnPattern.matches("*", "")).isTrue();
  }
}

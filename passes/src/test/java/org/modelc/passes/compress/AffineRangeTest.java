package org.modelc.passes.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What eight bits stand for, by hand; and scales that stand for nothing. */
class AffineRangeTest {
  @Test
  void integersFromOneEndToTheOther() {
    AffineRange range = AffineRange.between(-1, 1.55);
    assertThat(range.scale()).isEqualTo(0.01f);
    // -128 + 1 / 0.01.
    assertThat(range.zeroPoint()).isEqualTo(-28);
    assertThat(range.level(-1)).isZero();
    assertThat(range.level(0)).isEqualTo(100);
    assertThat(range.level(9)).isEqualTo(255);
    assertThat(range.nearest(0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void scalesThatStandForNothing(float scale) {
    assertThatThrownBy(() -> new AffineRange(scale, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a scale of " + scale);
  }
}

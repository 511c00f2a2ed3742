package org.modelc.compiler.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.compiler.compress.MixedPrecision.Form;
import org.modelc.compiler.compress.MixedPrecision.Forms;
import org.modelc.dsl.recipe.CompressSpec.Type;

/** Types for weights within a budget, worked out by hand. */
class MixedPrecisionTest {
  private static Forms forms(long bytes, double eight, double four) {
    return new Forms(
        new Form(bytes, 0),
        Map.of(Type.INT8, new Form(bytes / 4, eight), Type.INT4, new Form(bytes / 8, four)));
  }

  /** a: 0.1 and 0.9 for 75 and 88 bytes; b: 0.3 and 0.4 for 150 and 175; c: much for 300. */
  private static final Map<String, Forms> WEIGHTS =
      Map.of("a", forms(100, 0.1, 0.9), "b", forms(200, 0.3, 0.4), "c", forms(400, 20, 90));

  @Test
  void stepsThatCostLeastForEachByteComeFirst() {
    assertThat(MixedPrecision.choose(WEIGHTS, 700)).isEmpty();
    // a by 0.1 / 75 = 0.00133 a byte; b in four bits by 0.4 / 175 = 0.0023 is less than 0.3 / 150
    // too,
    // which is 0.002: eight bits come first.
    assertThat(MixedPrecision.choose(WEIGHTS, 625)).isEqualTo(Map.of("a", Type.INT8));
    assertThat(MixedPrecision.choose(WEIGHTS, 600))
        .isEqualTo(Map.of("a", Type.INT8, "b", Type.INT8));
    // b's second step: 0.1 / 25 = 0.004; a's 0.8 / 13 = 0.06; c's 20 / 300 = 0.067.
    assertThat(MixedPrecision.choose(WEIGHTS, 450))
        .isEqualTo(Map.of("a", Type.INT8, "b", Type.INT4));
    assertThat(MixedPrecision.choose(WEIGHTS, 440))
        .isEqualTo(Map.of("a", Type.INT4, "b", Type.INT4));
    assertThat(MixedPrecision.choose(WEIGHTS, 437))
        .isEqualTo(Map.of("a", Type.INT4, "b", Type.INT4));
    assertThat(MixedPrecision.choose(WEIGHTS, 436))
        .isEqualTo(Map.of("a", Type.INT4, "b", Type.INT4, "c", Type.INT8));
  }

  @Test
  void aBudgetBelowTheSmallestForms() {
    assertThat(MixedPrecision.least(WEIGHTS)).isEqualTo(12 + 25 + 50);
    assertThatThrownBy(() -> MixedPrecision.choose(WEIGHTS, 86))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatGetsBetterCostsNothing() {
    assertThat(new Form(4, -0.5).cost()).isZero();
  }
}

package org.modelc.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/** Rates by hand: 10 steps an epoch, 100 steps in all. */
class SchedulesTest {
  private static double rate(String kind, Map<String, Double> options, long step) {
    return Schedules.rate(new ScheduleSpec(kind, 0.8, options), step, 10, 100);
  }

  @Test
  void constantStays() {
    assertThat(rate("constant", Map.of(), 0)).isEqualTo(0.8);
    assertThat(rate("constant", Map.of(), 99)).isEqualTo(0.8);
  }

  @Test
  void warmupClimbsInEqualSteps() {
    Map<String, Double> options = Map.of("warmup", 4.0);
    assertThat(rate("constant", options, 0)).isEqualTo(0.2);
    assertThat(rate("constant", options, 3)).isEqualTo(0.8);
    assertThat(rate("cosine", options, 4)).isEqualTo(0.8);
  }

  @Test
  void stepFallsByTheFactorEverySoManyEpochs() {
    Map<String, Double> options = Map.of("every", 3.0, "factor", 0.5);
    assertThat(rate("step", options, 29)).isEqualTo(0.8);
    assertThat(rate("step", options, 30)).isEqualTo(0.4);
    assertThat(rate("step", options, 60)).isEqualTo(0.2);
  }

  @Test
  void cosineIsHalfWayInTheMiddleAndAtTheFloorInTheEnd() {
    Map<String, Double> options = Map.of("floor", 0.2);
    assertThat(rate("cosine", options, 50)).isCloseTo(0.5, within(1e-12));
    assertThat(rate("cosine", options, 100)).isCloseTo(0.2, within(1e-12));
    // A third of the 60 steps after the warm-up: (1 + cos(π/3)) / 2 = 0.75.
    ScheduleSpec spec = new ScheduleSpec("cosine", 1, Map.of("warmup", 20.0));
    assertThat(Schedules.rate(spec, 40, 10, 80)).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void unknownSchedulesAreNamed() {
    assertThatThrownBy(() -> rate("cosin", Map.of(), 0))
        .hasMessage("no schedule `cosin`")
        .extracting("hint")
        .isEqualTo("did you mean `cosine`?");
  }
}

package org.modelc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void allOfThem() {
    Options options =
        Options.parse(
            "--markdown",
            "--rows",
            "a,b",
            "--seconds",
            "0.5",
            "--threads",
            "2",
            "--backend",
            "jvm",
            "--no-peers",
            "--profile");
    assertThat(options)
        .isEqualTo(
            new Options(
                Options.Format.MARKDOWN, List.of("a", "b"), 0.5, List.of(2), false, true, "jvm"));
  }

  @Test
  void bothThreadCountsUnlessToldOtherwise() {
    assertThat(Options.parse().threads()).containsExactly(1, 2);
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> Options.parse("--row", "a")).hasMessageContaining("--row");
    assertThatThrownBy(() -> Options.parse("--rows")).hasMessage("--rows needs a value");
  }
}

package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.GraphParser;

class GoldenRunnerTest {
  private static final GoldenRunner RUNNER =
      new GoldenRunner(
          Map.of("ir", (input, argument) -> GraphParser.parse(input).toString()), Map.of());

  private static final String GRAPH = "graph g(%x: f32[1] input) { %y = exp(%x) return y = %y }\n";

  @TestFactory
  List<DynamicTest> files() {
    return RUNNER.tests(Path.of("src/test/golden"));
  }

  @Test
  void aFileIsItsText() {
    String text = GRAPH + "--- ir\nold\n--- run by hand\nx = f32[1] 0\n=> y = f32[1] 1\n";
    assertThat(GoldenFile.parse(text).text()).isEqualTo(text);
    assertThat(GoldenFile.parse(text).sections().get(1).argument()).isEqualTo("by hand");
  }

  @Test
  void blessingReplacesTextAndKeepsValues() {
    GoldenFile file =
        GoldenFile.parse(GRAPH + "--- ir\nold\n--- run by hand\nx = f32[1] 0\n=> y = f32[1] 1\n");
    GoldenFile blessed = RUNNER.actual(file);
    assertThat(blessed.sections().get(0).body())
        .startsWith("graph g(%x: f32[1] input) {\n  %y: f32[1]");
    assertThat(blessed.sections().get(1)).isEqualTo(file.sections().get(1));
  }

  @Test
  void wrongValuesFailEvenWhenBlessing() {
    GoldenFile wrong = GoldenFile.parse(GRAPH + "--- run by hand\nx = f32[1] 0\n=> y = f32[1] 2\n");
    assertThatThrownBy(() -> RUNNER.actual(wrong))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("at [0]: expected 2.0, got 1.0");
  }

  @Test
  void valuesNameTheirSource() {
    GoldenFile nameless = GoldenFile.parse(GRAPH + "--- run\nx = f32[1] 0\n=> y = f32[1] 1\n");
    assertThatThrownBy(() -> RUNNER.actual(nameless))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("source");
  }

  @Test
  void unknownStagesAreErrors() {
    GoldenFile file = GoldenFile.parse(GRAPH + "--- cuda\n\n");
    assertThatThrownBy(() -> RUNNER.actual(file)).hasMessageContaining("no stage 'cuda'");
  }
}

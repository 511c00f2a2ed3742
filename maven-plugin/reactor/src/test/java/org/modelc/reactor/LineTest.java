package org.modelc.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The class that the reactor's own plugin has put out, with what it has trained. */
class LineTest {
  @Test
  void theTrainedClassPredicts() {
    Line model = Line.load();
    // The line of the file's points: 2 · 4 + 1.
    assertThat(model.predict(Line.X.builder().a(4).build()).y()).isCloseTo(9f, within(0.1f));
    assertThat(model.model().manifest().metrics().get("test").get("r2")).isGreaterThan(0.99);
    assertThat(model.model().manifest().terms()).isEqualTo(Map.of());
  }
}

package org.modelc.compiler.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingClassesTest {
  private static final byte[] READY = {1};

  @Test
  void whatIsCompiledComesBesideWhatThereIs() {
    PendingClasses classes =
        new PendingClasses(Map.of("a.Ready", READY), Map.of("a.Made", "package a; class Made {}"));
    assertThat(classes.get()).containsOnlyKeys("a.Ready", "a.Made");
    assertThat(classes.get().get("a.Ready")).isSameAs(READY);
    assertThat(classes.get().get("a.Made")).startsWith(0xca, 0xfe, 0xba, 0xbe);
    assertThat(new PendingClasses(Map.of("a.Ready", READY), Map.of()).get())
        .containsOnlyKeys("a.Ready");
  }

  @Test
  void sourcesThatDoNotCompileAreToldToWhoeverWantsTheClasses() {
    PendingClasses classes = new PendingClasses(Map.of(), Map.of("Broken", "class Broken { x }"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(classes::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("generated Java does not compile")
          .hasMessageContaining("Broken:1");
    }
  }

  @Test
  void aThreadThatIsToStopWaitsForTheClassesAndIsStillToStop() {
    PendingClasses classes = new PendingClasses(Map.of(), Map.of("Made", "class Made {}"));
    Thread.currentThread().interrupt();
    try {
      assertThat(classes.get()).containsOnlyKeys("Made");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}

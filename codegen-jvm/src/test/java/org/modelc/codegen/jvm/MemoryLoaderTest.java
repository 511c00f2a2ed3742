package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.CompiledProgram;

class MemoryLoaderTest {
  private static final MemoryLoader LOADER =
      new MemoryLoader(
          () ->
              JavaCompilation.compile(
                  Map.of("generated.Other", "package generated; public class Other {}")));

  /** A program extends the runtime's class, which has to be the one that calls it. */
  @Test
  void definesWhatItHasAndTakesTheRest() throws ClassNotFoundException {
    assertThat(LOADER.loadClass("generated.Other").getClassLoader()).isSameAs(LOADER);
    assertThat(LOADER.loadClass(CompiledProgram.class.getName())).isSameAs(CompiledProgram.class);
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    assertThatThrownBy(() -> LOADER.program("generated.Missing"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("generated class generated.Missing")
        .hasCauseInstanceOf(ClassNotFoundException.class);
  }
}

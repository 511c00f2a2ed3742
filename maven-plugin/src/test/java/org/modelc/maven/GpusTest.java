package org.modelc.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.runtime.ModelcException;

/** The GPUs that a project names: {@code modelc.gpus}. */
class GpusTest {
  /** A goal with what Maven would set. */
  private static final class Goal extends ModelMojo {
    Goal(String backend, List<String> gpus) throws ReflectiveOperationException {
      set("packageName", CompileOptions.PACKAGE);
      set("backend", backend);
      set("gpus", gpus);
    }

    private void set(String name, Object value) throws ReflectiveOperationException {
      Field field = ModelMojo.class.getDeclaredField(name);
      field.setAccessible(true);
      field.set(this, value);
    }

    @Override
    void run(BuildSettings settings, List<ModelUnit> units) {}
  }

  @Test
  void theyReachTheCompilerWithTheBackendCuda() throws ReflectiveOperationException {
    CompileOptions options = new Goal("cuda", List.of("sm_86", "sm_90")).compileOptions();
    assertThat(options.backend()).isEqualTo(Backend.CUDA);
    assertThat(options.gpus()).containsExactly("sm_86", "sm_90");
  }

  /** Maven gives no list, or one of nothing. */
  @Test
  void noneNeedBeNamed() throws ReflectiveOperationException {
    assertThat(new Goal("jvm", null).compileOptions().gpus()).isEmpty();
    assertThat(new Goal("jvm", List.of()).compileOptions().gpus()).isEmpty();
  }

  @Test
  void theyAreRefusedWithAnotherBackend() throws ReflectiveOperationException {
    Goal goal = new Goal("jvm", List.of("sm_86"));
    assertThatThrownBy(goal::compileOptions)
        .isInstanceOf(ModelcException.class)
        .hasMessage("<gpus> names GPUs, and the backend jvm makes no code for them");
  }

  /** Written by Maven's own tool from the parameters' annotations. */
  @Test
  void everyGoalThatHasABackendTakesTheProperty() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/META-INF/maven/plugin.xml")) {
      String descriptor = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int goals = descriptor.split("\\$\\{modelc\\.backend}", -1).length - 1;
      assertThat(goals).isPositive();
      assertThat(descriptor.split("\\$\\{modelc\\.gpus}", -1)).hasSize(goals + 1);
    }
  }
}

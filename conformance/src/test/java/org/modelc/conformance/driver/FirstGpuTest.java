package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.conformance.gpu.FirstGpu;
import org.modelc.testkit.fiber.HostCompiler;

/** What the first GPU will be asked, asked of the mock driver. */
class FirstGpuTest {
  private static final String LINE =
      """
      model Line() {
          input x = columns("x_*") as f32[2]
          fn z(x: f32[B, 2]) -> f32[B] = x |> dense(1) |> reshape([B])
          export fn predict(x: f32[B, 2]) -> (y: f32[B]) = (y: z(x))
          fn loss(x: f32[B, 2], target: f32[B]) -> f32[B] = squared_error(z(x), target)
      }

      data rows {
          rows = csv("rows.csv")
          split 80% / 0% / 20% seed 3
      }

      train Line on rows {
          minimize loss with adam(1e-1)
          batch 16
          epochs 60
          seed 5
          measure mae(predict.y, target)
          require mae <= 0.05
      }
      """;

  @TempDir Path folder;
  private Path jars;

  @BeforeEach
  void build() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    jars = Files.createDirectory(folder.resolve("jars"));
    StringBuilder rows = new StringBuilder("x_1,x_2,target\n");
    for (int i = 0; i < 100; i++) {
      float a = i % 10 / 10f;
      int row = i / 10;
      float b = row / 10f;
      rows.append(a).append(',').append(b).append(',').append(2 * a - b + 1).append('\n');
    }
    Files.writeString(jars.resolve("rows.csv"), rows);
    try (DriverScene scene = new DriverScene(folder)) {
      CompileOptions options = CompileOptions.defaults().withBackend(Backend.CUDA);
      Compiler.build(ModelSource.of("line.model", LINE, jars), options)
          .write(jars.resolve("Line.jar"), true);
      assertThat(scene.driver().count("ERROR")).isZero();
    }
  }

  private String asked(boolean fails) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FirstGpu gpu = new FirstGpu(new PrintStream(out, true, StandardCharsets.UTF_8));
    gpu.all(jars);
    assertThat(gpu.failed()).isEqualTo(fails);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** A line is learned to 0.05. */
  @Test
  void aGpuThatComputesIsSaidToAgreeAndToLearn() throws IOException {
    try (DriverScene scene = new DriverScene(folder)) {
      String said = asked(false);
      assertThat(said)
          .contains(
              "Line.jar runs as cuda sm_", "predict agrees with bytecode", "all is as it should be")
          .containsPattern("required mae <= 0\\.05, is (0\\.0[0-4]|\\d\\.\\d+E-)");
      assertThat(scene.driver().count("ERROR")).isZero();
    }
  }

  @Test
  void oneThatIsLostOrNotThereIsSaidToFail() throws IOException {
    try (DriverScene scene = new DriverScene(folder, "fail cuGraphLaunch 2 719")) {
      assertThat(asked(true)).contains("FAILED Line.jar: GPU 0 (Mock 0) was lost");
      assertThat(scene.driver().count("ERROR")).isZero();
    }
    try (DriverScene scene = new DriverScene(folder, "devices 0")) {
      assertThat(asked(true)).contains("Line.jar runs as jvm", "FAILED");
      assertThat(scene.driver().count("ERROR")).isZero();
    }
  }
}

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
  @TempDir Path folder;
  private Path jars;

  @BeforeEach
  void build() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    jars = Files.createDirectory(folder.resolve("jars"));
    LineModel.writeRows(jars);
    try (DriverScene scene = new DriverScene(folder)) {
      CompileOptions options = CompileOptions.defaults().withBackend(Backend.CUDA);
      Compiler.build(ModelSource.of("line.model", LineModel.TEXT, jars), options)
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

package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.conformance.gpu.FirstGpu;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
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
    build(LineModel.TEXT);
  }

  /** With a text of the model changed, and its outputs written as the archive has them. */
  private void build(String text) throws IOException {
    try (DriverScene scene = new DriverScene(folder)) {
      CompileOptions options = CompileOptions.defaults().withBackend(Backend.CUDA);
      Compiler.build(ModelSource.of("line.model", text, jars), options)
          .write(jars.resolve("Line.jar"), true);
      assertThat(scene.driver().count("ERROR")).isZero();
    }
    FirstGpu.expect(jars);
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
              "Line.jar runs as cuda sm_",
              "predict agrees with bytecode",
              "predict of bytecode agrees with the expected outputs: 0.0 of",
              "all is as it should be")
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

  @Test
  void anAccuracyThatIsNotReachedFails() throws IOException {
    build(LineModel.TEXT.replace("epochs 60", "epochs 1"));
    try (DriverScene scene = new DriverScene(folder)) {
      assertThat(asked(true))
          .contains("predict agrees with bytecode")
          .containsPattern("FAILED: required mae <= 0\\.05, is ")
          .endsWith("FAILED\n");
      assertThat(scene.driver().count("ERROR")).isZero();
    }
  }

  /** Outputs of other parameters, as a machine whose bytecode is wrong would give them. */
  @Test
  void outputsOtherThanTheExpectedOnesFail() throws IOException {
    Path expected = jars.resolve("Line.jar.expected");
    Map<String, Tensor> changed = new HashMap<>(Safetensors.read(expected).tensors());
    changed.computeIfPresent(
        "predict/13/y",
        (name, y) -> {
          float[] elements = ((float[]) y.array()).clone();
          elements[12] += 0.01f;
          return new Tensor(y.dtype(), y.shape(), elements);
        });
    new Safetensors(changed, Map.of()).write(expected);
    try (DriverScene scene = new DriverScene(folder)) {
      assertThat(asked(true))
          .contains(
              "predict agrees with bytecode",
              "predict of bytecode FAILED: differs from the expected outputs: ");
      Files.delete(expected);
      assertThat(asked(true)).contains("FAILED Line.jar: there is no " + expected);
      assertThat(scene.driver().count("ERROR")).isZero();
    }
  }
}

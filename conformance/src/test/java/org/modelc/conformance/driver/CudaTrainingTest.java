package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.testkit.fiber.HostCompiler;

/** Training by graphs that the mock driver launches. */
class CudaTrainingTest {
  /**
   * Dropout draws numbers, the norm keeps states, and Adam slots; 90 rows make a ragged batch. A
   * bias before tanh has an influence, as it would not have just before a norm.
   */
  private static final String NOISY =
      """
      model Noisy() {
          input x = columns("x_*") as f32[3]
          fn z(x: f32[B, 3]) -> f32[B] = x |> dense(8) |> tanh |> batch_norm |> dropout(0.2) |> dense(1) |> reshape([B])
          export fn predict(x: f32[B, 3]) -> (y: f32[B]) = (y: z(x))
          fn loss(x: f32[B, 3], target: f32[B]) -> f32[B] = squared_error(z(x), target)
      }

      data rows {
          rows = csv("rows.csv")
          split 90% / 10% / 0% seed 3
      }

      train Noisy on rows {
          minimize loss with adam(1e-2)
          batch 32
          checkpoint every 1 epochs
          epochs 4
          seed 5
      }
      """;

  @TempDir static Path folder;
  private Path checkpoint;

  @BeforeAll
  static void rows() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    Random random = new Random(2);
    StringBuilder text = new StringBuilder("x_1,x_2,x_3,target\n");
    for (int i = 0; i < 100; i++) {
      float a = random.nextFloat();
      float b = random.nextFloat();
      float c = random.nextFloat();
      text.append(a).append(',').append(b).append(',').append(c).append(',');
      text.append(2 * a - b + c * c).append('\n');
    }
    Files.writeString(folder.resolve("rows.csv"), text);
  }

  @BeforeEach
  void noCheckpoint() throws IOException {
    checkpoint = folder.resolve("noisy.checkpoint");
    Files.deleteIfExists(checkpoint);
  }

  private TrainedModel train(Backend backend, boolean resume) {
    TrainOptions options =
        TrainOptions.defaults()
            .withCompile(CompileOptions.defaults().withBackend(backend))
            .withCheckpoint(checkpoint, resume);
    return Compiler.train(
        ModelSource.of("noisy.model", NOISY, folder), options, TrainingListener.SILENT);
  }

  private static void requireProper(DriverScene scene) throws IOException {
    assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
  }

  @Test
  void trainsAsBytecodeDoes() throws IOException {
    Map<String, Tensor> expected = train(Backend.JVM, false).training().tensors();
    try (DriverScene scene = new DriverScene(folder)) {
      TrainedModel trained = train(Backend.CUDA, false);
      Map<String, Tensor> actual = trained.training().tensors();
      assertThat(trained.jar().manifest().backend()).startsWith("cuda sm_");
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (name, tensor) -> {
            for (int i = 0; i < tensor.size(); i++) {
              assertThat(actual.get(name).at(i))
                  .as("%s, %d", name, i)
                  .isCloseTo(tensor.at(i), within(2e-4));
            }
          });
      requireProper(scene);
    }
  }

  @Test
  void aLostDeviceKeepsTheCheckpoint() throws IOException {
    Map<String, Tensor> expected;
    try (DriverScene scene = new DriverScene(folder)) {
      expected = train(Backend.CUDA, false).training().tensors();
      requireProper(scene);
    }
    Files.delete(checkpoint);
    // Three steps an epoch, of which the first call of each batch size launches no graph.
    try (DriverScene scene = new DriverScene(folder, "fail cuGraphLaunch 7 719")) {
      assertThatThrownBy(() -> train(Backend.CUDA, false))
          .isInstanceOf(ModelcException.class)
          .hasMessageContaining("GPU 0 (Mock 0) was lost: CUDA_ERROR_LAUNCH_FAILED (719)")
          .satisfies(e -> assertThat(((ModelcException) e).hint()).contains("--resume"));
      requireProper(scene);
    }
    assertThat(checkpoint).exists();
    try (DriverScene scene = new DriverScene(folder)) {
      Map<String, Tensor> actual = train(Backend.CUDA, true).training().tensors();
      expected.forEach(
          (name, tensor) -> assertThat(actual.get(name).sameBits(tensor)).as(name).isTrue());
      requireProper(scene);
    }
  }
}

package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.conformance.BenchmarkGraphs;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * A language model of few numbers through launcher, library, graphs and mock driver: three steps of
 * training and calls of two dims that change, beside bytecode.
 */
class CudaGptTest {
  private static final Map<String, String> SMALLER =
      Map.of(
          "d: int = 256", "d: int = 32",
          "heads: int = 8", "heads: int = 2",
          "depth: int = 4", "depth: int = 1",
          "= 128", "= 19",
          "batch 16", "batch 4",
          // Adam would make what rounding leaves of a gradient as large as any: keys' biases, which
          // softmax does not feel.
          "adam(1e-3)", "sgd(1e-1, momentum: 0.9)");

  @TempDir Path folder;

  private static TrainedModel train(ModelSource source, Backend backend, Path checkpoint) {
    CompileOptions compile = CompileOptions.defaults().withBackend(backend);
    TrainOptions options =
        TrainOptions.defaults().withCompile(compile).withCheckpoint(checkpoint, false);
    return Compiler.train(source, options, TrainingListener.SILENT);
  }

  private Model loaded(TrainedModel trained) {
    Path jar = folder.resolve(trained.jar().manifest().backend().split(" ")[0] + ".jar");
    trained.jar().write(jar, true);
    return ModelArchive.open(jar).model();
  }

  private static float[] logits(Frame frame, int rows, int words) {
    int[] ids = new Random(rows + words).ints((long) rows * words, 0, 256).toArray();
    frame.dim("B", rows);
    frame.dim("T", words);
    frame.bind("ids", ids);
    frame.run();
    return Arrays.copyOf((float[]) frame.array("logits"), rows * words * 256);
  }

  @Test
  void learnsAndPredictsAsBytecodeDoes() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    ModelSource source = BenchmarkGraphs.GPT.source(folder, SMALLER);
    Path checkpoint = folder.resolve("gpt.checkpoint");
    TrainedModel plain = train(source, Backend.JVM, checkpoint);
    try (DriverScene scene = new DriverScene(folder)) {
      TrainedModel trained = train(source, Backend.CUDA, checkpoint);
      assertThat(trained.jar().manifest().backend()).startsWith("cuda sm_");
      Map<String, Tensor> actual = trained.training().tensors();
      plain.training().tensors().forEach((name, tensor) -> equal(name, tensor, actual.get(name)));
      Frame ours = loaded(trained).programs().frame("predict");
      Frame theirs = loaded(plain).programs().frame("predict");
      for (int[] dims : new int[][] {{1, 19}, {1, 19}, {3, 7}, {1, 19}, {3, 7}, {3, 7}}) {
        assertThat(logits(ours, dims[0], dims[1]))
            .containsExactly(logits(theirs, dims[0], dims[1]), within(1e-3f));
      }
      assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
      assertThat(scene.driver().count("cuGraphLaunch")).isGreaterThanOrEqualTo(2 + 3);
    }
  }

  private static void equal(String name, Tensor expected, Tensor actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.at(i)).as("%s, %d", name, i).isCloseTo(expected.at(i), within(5e-5));
    }
  }
}

package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.runtime.Tensor;

/**
 * A student with a quarter of fashion's parameters, taught by fashion and trained alone, in pairs
 * of equal seeds. Both learn from the pictures of this repository and are measured on all 10,000
 * test pictures of Fashion-MNIST, as 1,000 leave a noise of a point. Eleven trainings take a
 * quarter of an hour: {@code -Dfashion.pairs=5}.
 */
@EnabledIfSystemProperty(named = "fashion.pairs", matches = "\\d+")
class DistilledFashionTest {
  private static final String TEST_PICTURES = "t10k-images-idx3-ubyte.gz";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte.gz";

  /** Chosen on training pictures of the whole set that neither model learned from. */
  private static final String TEMPERATURE = System.getProperty("fashion.temperature", "2");

  private static final int TEACHER_EPOCHS = 60;

  @TempDir Path folder;

  @Test
  void aTaughtStudentIsBetterThanOneAlone() throws IOException {
    Path whole =
        Path.of(System.getProperty("modelc.fashion-mnist", "/usr/share/datasets/fashion-mnist"));
    assumeTrue(Files.isDirectory(whole), "Fashion-MNIST is not installed in " + whole);
    Path subset = Models.folder().resolve("fashion");
    for (String name : List.of("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")) {
      Files.copy(subset.resolve(name), folder.resolve(name));
    }
    Files.copy(whole.resolve(TEST_PICTURES), folder.resolve(TEST_PICTURES));
    Files.copy(whole.resolve(TEST_LABELS), folder.resolve(TEST_LABELS));

    String fashion = Models.source("fashion").text().text().replaceFirst("require .*", "");
    TrainedModel teacher = train("Teacher", fashion, options().withEpochs(TEACHER_EPOCHS));
    teacher.jar().write(folder.resolve("Teacher.jar"), true);
    String alone = student(fashion);
    String taught =
        alone.replaceFirst(
            "batch 32",
            "distill predict.probabilities with teacher(\"Teacher.jar\", temperature: "
                + TEMPERATURE
                + ", weight: 0.9)\n    batch 32");
    assertThat(taught).contains("distill");

    List<Double> gains = new ArrayList<>();
    for (int seed = 1; seed <= Integer.getInteger("fashion.pairs"); seed++) {
      TrainOptions options = options().withSeed(seed);
      TrainedModel without = train("Alone", alone, options);
      TrainedModel with = train("Taught", taught, options);
      assertThat(parameters(without)).isLessThanOrEqualTo(parameters(teacher) / 4);
      gains.add(accuracy(with) - accuracy(without));
    }
    double mean = gains.stream().mapToDouble(gain -> gain).average().orElseThrow();
    double squares = gains.stream().mapToDouble(gain -> (gain - mean) * (gain - mean)).sum();
    double error = Math.sqrt(squares / (gains.size() - 1) / gains.size());
    System.out.printf(
        Locale.ROOT, "gains %s, mean %.4f, standard error %.4f%n", gains, mean, error);
    // One-sided, at 5 %, for five pairs: 2.13 standard errors.
    assertThat(mean).isGreaterThan(2.13 * error);
  }

  /** Fashion with half of its filters and units; too small for dropout. */
  private static String student(String fashion) {
    return fashion
        .replace("conv(16, 3)", "conv(8, 3)")
        .replace("conv(32, 3)", "conv(16, 3)")
        .replace("dense(128)", "dense(60)")
        .replace("|> dropout(0.25)", "");
  }

  private TrainedModel train(String name, String text, TrainOptions options) {
    return Models.train(ModelSource.of(name + ".model", text, folder), options);
  }

  /** Native code, which takes a fifth of the bytecode's time. */
  private static TrainOptions options() {
    return TrainOptions.defaults()
        .withCompile(CompileOptions.defaults().withBackend(Backend.NATIVE));
  }

  private static double accuracy(TrainedModel model) {
    return model.metrics().get("test").get("accuracy");
  }

  /** Elements of all parameters. */
  private static long parameters(TrainedModel model) {
    return model.training().tensors().values().stream().mapToLong(Tensor::size).sum();
  }
}

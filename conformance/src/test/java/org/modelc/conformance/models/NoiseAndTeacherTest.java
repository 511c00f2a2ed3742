package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainedModel;

/** A net must not find what is not there, must say so, and must find what is there. */
class NoiseAndTeacherTest {
  private static final int FEATURES = 10;
  private static final int SEEDS = 20;

  @TempDir Path folder;

  @Test
  void noiseIsNotLearned() throws IOException {
    List<Double> ratios = new ArrayList<>();
    int warned = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      TrainedModel trained = train("noise" + seed, 100, random, false);
      double error = trained.metrics().get("test").get("mse");
      double constant = trained.baselines().get("test").get("mse");
      ratios.add(error / constant);
      warned += trained.warnings().isEmpty() ? 0 : 1;
    }
    List<Double> sorted = ratios.stream().sorted().toList();
    assertThat((sorted.get(SEEDS / 2 - 1) + sorted.get(SEEDS / 2)) / 2).isGreaterThanOrEqualTo(1.0);
    long worse = ratios.stream().filter(ratio -> ratio >= 1).count();
    assertThat((long) warned).isGreaterThanOrEqualTo(worse);
  }

  @Test
  void linearTeacherIsLearned() throws IOException {
    TrainedModel trained = train("teacher", 5000, new Random(1), true);
    assertThat(trained.metrics().get("test").get("mse")).isLessThanOrEqualTo(0.0166);
  }

  private TrainedModel train(String name, int rows, Random random, boolean linear)
      throws IOException {
    Files.writeString(folder.resolve(name + ".csv"), csv(rows, random, linear));
    ModelSource source = ModelSource.of(name + ".model", model(name), folder);
    return Models.train(source, Models.bytecode());
  }

  /** Ten normal features; the target is normal noise, or their normed sum of signs. */
  private static String csv(int rows, Random random, boolean linear) {
    StringBuilder text = new StringBuilder(names()).append(",y\n");
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int i = 0; i < FEATURES; i++) {
        double x = random.nextGaussian();
        sum += i % 2 == 0 ? x : -x;
        text.append(String.format(Locale.ROOT, "%.6f,", x));
      }
      double y = linear ? sum / Math.sqrt(FEATURES) : random.nextGaussian();
      text.append(String.format(Locale.ROOT, "%.6f\n", y));
    }
    return text.toString();
  }

  private static String names() {
    return IntStream.range(0, FEATURES).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
  }

  private static String model(String name) {
    return """
        model Net {
            input features = standardized(NAMES)
            fn value(features: f32[B, F]) -> f32[B] =
                features |> dense(64) |> relu |> dense(64) |> relu |> dense(1) |> squeeze(-1)
            export fn predict(features: f32[B, F]) -> (value: f32[B]) = (value: value(features))
            fn loss(features: f32[B, F], y: f32[B]) -> f32[B] = squared_error(value(features), y)
        }
        data rows { rows = csv("NAME.csv") split 80% / 0% / 20% random seed 3 }
        train Net on rows {
            minimize loss with adam(3e-3)
            batch 32
            epochs 10
            seed 5
            measure mse(predict.value, y)
        }
        """
        .replace("NAMES", names())
        .replace("NAME", name);
  }
}

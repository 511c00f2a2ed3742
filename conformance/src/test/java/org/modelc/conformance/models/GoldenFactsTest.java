package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.Model;
import org.modelc.runtime.Predictor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.typed.Learning;

/**
 * Facts worked out by hand, as a user meets them: written in the language, compiled to a jar, run
 * and trained from it.
 */
class GoldenFactsTest {
  @TempDir Path folder;

  private Model model(String text) throws IOException {
    Files.writeString(folder.resolve("samples.csv"), "x,t\n0,0\n");
    Path jar = folder.resolve("M.jar");
    ModelSource source = ModelSource.of("m.model", text, folder);
    Compiler.build(source, Models.bytecode().compile()).write(jar, true);
    return ModelArchive.open(jar).model();
  }

  private static double answer(Model model, Map<String, Object> row, String result) {
    Dataset data = Dataset.of(row);
    return new Predictor(model, "predict").predict(data.readAll(data.names())).get(result).at(0);
  }

  /** ½((1 − 0.8)² + (0 − 0.2)²) = 0.04; −ln 0.8 = 0.22314355. */
  @Test
  void losses() throws IOException {
    Model model =
        model(
            """
            model M {
                export fn predict(p: f32[B, 2], t: f32[B, 2]) -> (half: f32[B], entropy: f32[B], binary: f32[B]) = (
                    half: sum(half_squared_error(p, t), keep: B),
                    entropy: cross_entropy(log(p), argmax(t, axis: -1)),
                    binary: max(binary_cross_entropy_of_probability(p, t), keep: B))
            }
            """);
    Map<String, Object> row =
        Map.of("p", new float[][] {{0.8f, 0.2f}}, "t", new float[][] {{1, 0}});
    assertThat(answer(model, row, "half")).isCloseTo(0.04, within(1e-8));
    assertThat(answer(model, row, "entropy")).isCloseTo(0.22314355, within(1e-7));
    // Of 1 and 0.8, and of 0 and 0.2: the same −ln 0.8 twice.
    assertThat(answer(model, row, "binary")).isCloseTo(0.22314355, within(1e-7));
  }

  private static final String NET =
      """
      model Net {
          fn y(x: f32[B, 2]) -> f32[B] {
              param w: f32[2, 2] = constant(0.5)
              param b: f32[2] = zeros()
              param v: f32[2, 1] = constant(0.5)
              param c: f32[1] = zeros()
              squeeze(sigmoid(sigmoid(x @ w + b) @ v + c), -1)
          }
          export fn predict(x: f32[B, 2]) -> (y: f32[B]) = (y: y(x))
          fn loss(x: f32[B, 2], t: f32[B]) -> f32[B] = half_squared_error(y(x), t)
      }
      data samples { rows = csv("samples.csv") split 100% / 0% / 0% ordered }
      train Net on samples { minimize loss with sgd(0.1) batch 1 epochs 1 }
      """;

  private static Model step(Model model, float a, float b, double target) {
    Dataset row = Dataset.of(Map.of("x", new float[][] {{a, b}}, "t", new double[] {target}));
    TrainingOptions options = TrainingOptions.defaults();
    return Learning.train(model, row, null, options, TrainingListener.SILENT);
  }

  private static double parameter(Model model, String name, int index) {
    return model.tensors().get("y." + name).at(index);
  }

  /** The 2-2-1 net of issue 2: hidden units stay equal, so one figure stands for both. */
  @Test
  void sigmoidNet() throws IOException {
    Model net = model(NET);
    Map<String, Object> first = Map.of("x", new float[][] {{1, 0}});
    assertThat(answer(net, first, "y")).isCloseTo(0.65077768, within(1e-7));
    Model once = step(net, 1, 0, 1);
    assertNet(once, new double[] {0.50093257, 0.5, 0.50494024, 0.00793664});
    Model last = step(step(step(once, 0, 1, 0), 1, 1, 0), 1, 0, 1);
    assertNet(last, new double[] {0.50042844, 0.49679956, 0.49003075, -0.01342555});
    assertThat(parameter(last, "b", 0)).isCloseTo(-0.00132726, within(1e-7));
    assertThat(parameter(net, "w", 0)).as("models do not change").isEqualTo(0.5);
  }

  private static void assertNet(Model net, double[] expected) {
    for (int unit = 0; unit < 2; unit++) {
      assertThat(parameter(net, "w", unit)).isCloseTo(expected[0], within(1e-7));
      assertThat(parameter(net, "w", 2 + unit)).isCloseTo(expected[1], within(1e-7));
      assertThat(parameter(net, "v", unit)).isCloseTo(expected[2], within(1e-7));
    }
    assertThat(parameter(net, "c", 0)).isCloseTo(expected[3], within(1e-7));
  }

  /**
   * Adam's first step moves by the rate whatever the gradient: from θ = 1, g = 1, rate 0.1, to 0.9.
   */
  @Test
  void adamsFirstStep() throws IOException {
    Model model =
        model(
            """
            model M {
                fn y(x: f32[B]) -> f32[B] {
                    param theta: f32[1] = constant(1)
                    x * theta
                }
                export fn predict(x: f32[B]) -> (y: f32[B]) = (y: y(x))
                fn loss(x: f32[B]) -> f32[B] = y(x)
            }
            data samples { rows = csv("samples.csv") split 100% / 0% / 0% ordered }
            train M on samples { minimize loss with adam(0.1) batch 1 epochs 1 }
            """);
    Dataset one = Dataset.of(Map.of("x", new double[] {1}));
    Model trained =
        Learning.train(model, one, null, TrainingOptions.defaults(), TrainingListener.SILENT);
    assertThat(parameter(trained, "theta", 0)).isCloseTo(0.9, within(1e-6));
  }
}

package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.Model;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.train.TrainingException;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.typed.Learning;

/** A model from a jar learns on, with no compiler at hand and the same checks. */
class LearningOnTest {
  private static final String SICK =
      """
      model Sick {
          fn logit(a: f32[B]) -> f32[B] = expand_dims(log(a), -1) |> dense(1) |> squeeze(-1)
          export fn predict(a: f32[B]) -> (risk: f32[B]) = (risk: sigmoid(logit(a)))
          fn loss(a: f32[B], sick: f32[B]) -> f32[B] = binary_cross_entropy(logit(a), sick)
      }
      data patients { rows = csv("patients.csv") split 100% / 0% / 0% ordered }
      train Sick on patients {
          minimize loss with sgd(0.5)
          batch 2   epochs 20   checkpoint every 1 epochs
      }
      """;

  @TempDir Path folder;
  private Model model;

  @BeforeEach
  void load() throws IOException {
    Files.writeString(folder.resolve("patients.csv"), "a,sick\n1,0\n2,1\n3,1\n1.5,0\n");
    Path jar = folder.resolve("Sick.jar");
    Compiler.build(ModelSource.of("sick.model", SICK, folder), CompileOptions.defaults())
        .write(jar, true);
    model = ModelArchive.open(jar).model();
  }

  private Model train(double[] a, double[] sick, TrainingOptions options) {
    Dataset rows = Dataset.of(Map.of("a", a, "sick", sick));
    return Learning.train(model, rows, null, options, TrainingListener.SILENT);
  }

  @Test
  void targetsOutOfRangeAreRefused() {
    assertThatThrownBy(
            () -> train(new double[] {1, 2}, new double[] {0, 2}, TrainingOptions.defaults()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("`sick` is 2 in training row 2, it must lie from 0 to 1");
  }

  @Test
  void aLossThatIsNoNumberLeavesTheModelAsItWas() {
    Tensor weight = model.tensors().get("logit.dense.weight");
    float before = ((float[]) weight.array())[0];
    double[] bad = {0, 0, 0, 0};
    assertThatThrownBy(() -> train(bad, new double[] {0, 1, 1, 0}, TrainingOptions.defaults()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the loss was not finite for 8 steps in a row")
        .hasMessageContaining("gradient_norm");
    assertThat(((float[]) weight.array())[0]).isEqualTo(before);
  }

  @Test
  void anInputThatIsNoNumberIsNamedWithItsRow() {
    double[] bad = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    assertThatThrownBy(() -> train(bad, new double[] {0, 1}, TrainingOptions.defaults()))
        .hasMessageContaining("input `a` is Infinity in training row");
  }

  @Test
  void theCheckpointOfAFinishedTrainingIsDeleted() {
    Path file = folder.resolve("sick.checkpoint");
    TrainingOptions options = TrainingOptions.defaults().withCheckpoint(file, true);
    Model trained = train(new double[] {1, 2, 3, 1.5}, new double[] {0, 1, 1, 0}, options);
    assertThat(file).doesNotExist();
    assertThat(trained.tensors().get("logit.dense.bias").at(0)).isNegative();
    // A file left behind would be refused here, being of other rows.
    train(new double[] {1, 2}, new double[] {0, 1}, options);
  }
}

package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.train.TrainingChecks;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingResult;

class CrossValidationTest {
  @TempDir Path folder;

  private final List<DataSplits> seen = new ArrayList<>();
  private final List<Double> means = new ArrayList<>();

  private Compilation compile() throws IOException {
    StringBuilder rows = new StringBuilder("a,target\n");
    for (int i = 0; i < 19; i++) {
      rows.append(i).append(',').append(2 * i).append('\n');
    }
    Files.writeString(folder.resolve("points.csv"), rows.append("1000,0\n"));
    String text =
        """
        model Line {
            input x = standardized(a)
            fn y(x: f32[B, F]) -> f32[B] {
                param weight: f32[F, 1] = zeros()
                squeeze(x @ weight, -1)
            }
            export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
            fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
        }
        data points { rows = csv("points.csv") drop outliers of a by iqr 3 5 folds seed 11 }
        train Line on points { minimize loss with sgd(0.1) batch 8 epochs 1 measure mae(predict.y, target) }
        """;
    return Compiler.compile(ModelSource.of("line.model", text, folder), CompileOptions.defaults());
  }

  private TrainingResult untrained(Compilation compilation, DataSplits splits, boolean last) {
    seen.add(splits);
    double[] values = splits.train().readAll(List.of("a")).numbers("a");
    means.add(java.util.Arrays.stream(values).average().orElseThrow());
    Map<String, List<Double>> learned = compilation.manifest().fitted().get("x").numbers();
    assertThat(learned.values().stream().flatMap(List::stream))
        .as("the mean of this fold's training rows is among what was learned")
        .anyMatch(number -> Math.abs(number - means.get(means.size() - 1)) < 1e-9);
    return new TrainingResult(
        compilation.initialTensors(1), List.of(), TrainingResult.Outcome.COMPLETED, 0, 0, 0);
  }

  @Test
  void eachFoldLearnsStatisticsAndOutliersFromItsOwnTrainingRows() throws IOException {
    CrossValidation validation = new CrossValidation(compile(), this::untrained, warning -> {});
    Map<String, CrossValidation.Measure> measures = validation.run();
    assertThat(seen).hasSize(5);
    int held = seen.stream().mapToInt(splits -> splits.test().size()).sum();
    assertThat(held).as("every row is held out once, the outlier too").isEqualTo(20);
    assertThat(means).allSatisfy(mean -> assertThat(mean).isLessThan(20));
    assertThat(measures.get("mae").values()).hasSize(5);
    // A model of zeros is off by the targets themselves: 2 · (0 + … + 18) = 342 over 20 rows.
    assertThat(CrossValidation.mean(measures.get("mae").values()))
        .isCloseTo(342 / 20.0, within(1e-6));
  }

  /** The third part that a stopping rule needs comes out of the rows to learn from. */
  @Test
  void earlyStoppingTakesItsRowsFromTheFoldsTrainingRows() throws IOException {
    StringBuilder rows = new StringBuilder("a,target\n");
    for (int i = 0; i < 25; i++) {
      rows.append(i).append(',').append(3 * i).append('\n');
    }
    Files.writeString(folder.resolve("points.csv"), rows);
    ModelSource source =
        ModelSource.of(
            "line.model",
            """
            model Line {
                input x = standardized(a)
                fn y(x: f32[B, F]) -> f32[B] = x |> dense(1) |> squeeze(-1)
                export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
                fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
            }
            data points { rows = csv("points.csv") 5 folds seed 11 }
            train Line on points {
                minimize loss with sgd(0.1)
                batch 5   epochs 40   stop after 3 epochs without better mae
                measure mae(predict.y, target)
            }
            """,
            folder);
    Compilation compilation = Compiler.compile(source, CompileOptions.defaults());
    CrossValidation validation = new CrossValidation(compilation, this::untrained, warning -> {});
    validation.run();
    assertThat(seen).hasSize(5);
    assertThat(seen)
        .allSatisfy(
            splits -> {
              assertThat(splits.train().size()).isEqualTo(16);
              assertThat(splits.validation().size()).isEqualTo(4);
              assertThat(splits.test().size()).isEqualTo(5);
              TrainingChecks.requireDisjoint(splits);
            });

    TrainedModel trained = Compiler.train(source, TrainOptions.defaults(), TrainingListener.SILENT);
    assertThat(trained.folds().get("mae")).hasSize(5);
    assertThat(trained.metrics().get("test").get("mae"))
        .isEqualTo(CrossValidation.mean(trained.folds().get("mae")));
    assertThat(trained.baselines().get("test")).containsKey("mae");
    assertThat(trained.metrics()).containsKey("validation");
    assertThat(trained.report().summary()).containsEntry("validation rows", "5");
  }

  @Test
  void meanAndDeviationOfFolds() {
    assertThat(CrossValidation.mean(List.of(1.0, 2.0, 6.0))).isEqualTo(3);
    // Deviations −2, −1, 3: √(14 / 2).
    assertThat(CrossValidation.deviation(List.of(1.0, 2.0, 6.0)))
        .isCloseTo(Math.sqrt(7), within(1e-12));
  }
}

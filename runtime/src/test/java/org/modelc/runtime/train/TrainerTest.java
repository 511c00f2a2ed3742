package org.modelc.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.LinearModel;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.DatasetView;
import org.modelc.runtime.data.RandomBits;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.AugmentationSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;
import org.modelc.runtime.spec.RecipeSpec.StopSpec;
import org.modelc.runtime.spec.TargetRule;

class TrainerTest {
  @TempDir Path folder;

  @Test
  void linearRegressionReachesTheClosedForm() {
    TrainingResult result = trainer(recipe(200, List.of()), data(60, 0)).train();
    assertThat((float[]) result.tensors().get("w").values())
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(3, -2);
    assertThat(result.tensors().get("b").at(0)).isCloseTo(0.5, within(1e-3));
    assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.COMPLETED);
    assertThat(result.history()).hasSize(200);
    assertThat(result.history().get(199).metrics().get("r2")).isGreaterThan(0.999);
    assertThat(result.rows()).isEqualTo(200 * 40);
  }

  private static org.assertj.core.data.Offset<Double> within(double value) {
    return org.assertj.core.data.Offset.offset(value);
  }

  @Test
  void stoppedAtAnyStepAndResumedItEndsInTheSameBits() {
    RecipeSpec recipe = recipe(6, List.of(new StopSpec("metric", "r2", 0, 2)), noise());
    DataSplits data = data(60, 1);
    TrainingResult whole = trainer(recipe, data).train();
    int steps = (int) whole.history().get(whole.history().size() - 1).steps();
    assertThat(steps).isGreaterThan(8);
    for (int stopAt = 1; stopAt <= steps; stopAt++) {
      Path file = folder.resolve("at" + stopAt + ".checkpoint");
      TrainingResult part = runUntil(recipe, data, file, stopAt);
      assertThat(part.outcome()).isEqualTo(TrainingResult.Outcome.CANCELLED);
      TrainingOptions resume = TrainingOptions.defaults().withCheckpoint(file, true);
      TrainingResult rest =
          new Trainer(plan(recipe, data), resume, TrainingListener.SILENT).train();
      assertSame(rest, whole);
    }
  }

  @Test
  void killedWithoutWarningItGoesOnFromTheLastEpochToTheSameBits() {
    RecipeSpec recipe = recipe(6, List.of());
    DataSplits data = data(60, 1);
    TrainingResult whole = trainer(recipe, data).train();
    Path file = folder.resolve("killed.checkpoint");
    TrainingOptions options = TrainingOptions.defaults().withCheckpoint(file, true);
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void stepped(Step step) {
            if (step.step() == 11) {
              throw new IllegalStateException("killed");
            }
          }
        };
    assertThatThrownBy(() -> new Trainer(plan(recipe, data), options, killer).train())
        .hasMessage("killed");
    assertSame(new Trainer(plan(recipe, data), options, TrainingListener.SILENT).train(), whole);
  }

  private TrainingResult runUntil(RecipeSpec recipe, DataSplits data, Path file, int stopAt) {
    TrainingOptions options = TrainingOptions.defaults().withCheckpoint(file, false);
    Trainer[] trainer = new Trainer[1];
    TrainingListener canceller =
        new TrainingListener() {
          @Override
          public void stepped(Step step) {
            if (step.step() == stopAt) {
              trainer[0].cancel();
            }
          }
        };
    trainer[0] = new Trainer(plan(recipe, data), options, canceller);
    return trainer[0].train();
  }

  private static void assertSame(TrainingResult result, TrainingResult expected) {
    assertThat(result.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    for (Map.Entry<String, Tensor> tensor : expected.tensors().entrySet()) {
      assertThat(result.tensors().get(tensor.getKey()).sameBits(tensor.getValue())).isTrue();
    }
    assertThat(result.history()).hasSameSizeAs(expected.history());
    for (int i = 0; i < expected.history().size(); i++) {
      assertThat(result.history().get(i))
          .usingRecursiveComparison()
          .ignoringFields("seconds")
          .isEqualTo(expected.history().get(i));
    }
    assertThat(result.bestEpoch()).isEqualTo(expected.bestEpoch());
    assertThat(result.outcome()).isEqualTo(expected.outcome());
  }

  @Test
  void whereBatchesAreMadeChangesNothing() {
    RecipeSpec recipe = recipe(5, List.of(), noise());
    DataSplits data = data(60, 2);
    TrainingOptions streaming = TrainingOptions.defaults().withCacheBytes(0);
    TrainingResult streamed =
        new Trainer(plan(recipe, data), streaming, TrainingListener.SILENT).train();
    assertSame(streamed, trainer(recipe, data).train());
  }

  @Test
  void keepsTheBestEpochAndStopsWhenNothingGetsBetter() {
    RecipeSpec recipe = recipe(500, List.of(new StopSpec("metric", "r2", 0, 3)));
    TrainingResult result = trainer(recipe, data(60, 3)).train();
    assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.STOPPED_EARLY);
    assertThat(result.history()).hasSize(result.bestEpoch() + 3);
    double best = result.history().get(result.bestEpoch() - 1).metrics().get("r2");
    assertThat(result.history()).allMatch(epoch -> epoch.metrics().get("r2") <= best);
  }

  @Test
  void stopsWhenTheLossStaysTheSame() {
    RecipeSpec recipe = recipe(500, List.of(new StopSpec("loss", "", 2e-2, 4)));
    TrainingResult result = trainer(recipe, data(60, 4)).train();
    List<EpochResult> history = result.history();
    assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.STOPPED_EARLY);
    for (int i = history.size() - 4; i < history.size(); i++) {
      assertThat(Math.abs(history.get(i).loss() - history.get(i - 1).loss())).isLessThan(2e-2);
    }
    int before = history.size() - 5;
    assertThat(Math.abs(history.get(before).loss() - history.get(before - 1).loss()))
        .isGreaterThanOrEqualTo(2e-2);
  }

  @Test
  void anInputThatIsNotANumberIsNamed() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("x", new float[][] {{1, 2}, {3, Float.POSITIVE_INFINITY}, {5, 6}});
    columns.put("y", new float[] {1, 2, 3});
    DataSplits data = new DataSplits(Dataset.of(columns), null, null, List.of());
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void badStep(long step, String what) {
            heard.add(what);
          }
        };
    Trainer trainer =
        new Trainer(plan(recipe(20, List.of()), data), TrainingOptions.defaults(), listener);
    assertThatThrownBy(trainer::train)
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "the loss was not finite for 8 steps in a row, up to step 8 in epoch 8: input `x` is"
                + " Infinity in training row 2");
    assertThat(heard).hasSize(8).containsOnly("input `x` is Infinity in training row 2");
  }

  @Test
  void refusesCheckpointsOfOtherRecipesAndData() {
    Path file = folder.resolve("c");
    DataSplits data = data(60, 5);
    runUntil(recipe(6, List.of()), data, file, 3);
    TrainingOptions resume = TrainingOptions.defaults().withCheckpoint(file, true);
    assertThatThrownBy(
            () -> new Trainer(plan(recipe(7, List.of()), data), resume, TrainingListener.SILENT))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("a checkpoint of another model or recipe");
    assertThatThrownBy(
            () ->
                new Trainer(
                    plan(recipe(6, List.of()), data(60, 6)), resume, TrainingListener.SILENT))
        .hasMessageContaining("a checkpoint of other data");
  }

  @Test
  void refusesADamagedCheckpointAndKeepsIt() throws Exception {
    Path file = folder.resolve("c");
    DataSplits data = data(60, 5);
    runUntil(recipe(6, List.of()), data, file, 3);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 3));
    TrainingOptions resume = TrainingOptions.defaults().withCheckpoint(file, true);
    assertThatThrownBy(
            () -> new Trainer(plan(recipe(6, List.of()), data), resume, TrainingListener.SILENT))
        .hasMessageContaining("is no safetensors file");
    assertThat(file).exists();
  }

  @Test
  void refusesTestRowsAmongTrainingRows() {
    Dataset all = data(60, 0).train();
    DataSplits data =
        new DataSplits(
            new DatasetView(all, new int[] {0, 1, 2, 3}),
            null,
            new DatasetView(all, new int[] {3, 4}),
            List.of());
    assertThatThrownBy(() -> trainer(recipe(1, List.of()), data))
        .isInstanceOf(TrainingException.class)
        .hasMessage("1 of 2 test rows are training rows too");
  }

  @Test
  void refusesTestRowsThatAreTrainingRowsFromAnotherSource() {
    Dataset train = data(60, 1).train();
    Dataset copy =
        Dataset.of(Map.of("x", xOf(train), "y", train.readAll(List.of("y")).values("y")));
    DataSplits data = new DataSplits(train, null, copy, List.of());
    assertThatThrownBy(() -> trainer(recipe(1, List.of()), data))
        .isInstanceOf(TrainingException.class)
        .hasMessage("40 of 40 test rows looked at are equal to training rows");
  }

  @Test
  void rowsOfFewPossibleValuesMayBeEqual() {
    float[][] x = new float[60][2];
    float[] y = new float[60];
    for (int i = 0; i < 60; i++) {
      x[i][0] = i % 2;
      x[i][1] = i / 2 % 2;
      y[i] = x[i][0] + x[i][1];
    }
    Map<String, Object> columns = Map.of("x", x, "y", y);
    DataSplits data = new DataSplits(Dataset.of(columns), null, Dataset.of(columns), List.of());
    assertThat(trainer(recipe(2, List.of()), data).train().history()).hasSize(2);
  }

  private static float[][] xOf(Dataset rows) {
    float[] flat = (float[]) rows.readAll(List.of("x")).values("x");
    float[][] x = new float[rows.size()][2];
    for (int i = 0; i < flat.length; i++) {
      x[i / 2][i % 2] = flat[i];
    }
    return x;
  }

  @Test
  void refusesTargetsOutOfRange() {
    TargetRule rule = new TargetRule("y", 0, 1, "it is a probability");
    DataSplits data = data(60, 0);
    TrainingPlan plan =
        new TrainingPlan(
            LinearModel.manifest(2, recipe(1, List.of()), List.of(rule)),
            LinearModel::code,
            data,
            "");
    assertThatThrownBy(() -> new Trainer(plan, TrainingOptions.defaults(), TrainingListener.SILENT))
        .hasMessageContaining("in training row")
        .hasMessageContaining("it must lie from 0 to 1");
  }

  @Test
  void refusesToStopByAMetricWithoutValidationRows() {
    DataSplits data = new DataSplits(data(60, 0).train(), null, null, List.of());
    assertThatThrownBy(() -> trainer(recipe(1, List.of(new StopSpec("metric", "r2", 0, 2))), data))
        .hasMessageContaining("there are none");
  }

  @Test
  void logsTheMeanLossOfSoManySteps() {
    List<Long> steps = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    List<Double> logged = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepped(Step step) {
            losses.add(step.loss());
          }

          @Override
          public void logged(long step, double loss) {
            steps.add(step);
            logged.add(loss);
          }
        };
    TrainingOptions options = TrainingOptions.defaults().withLogEvery(3);
    new Trainer(plan(recipe(1, List.of()), data(60, 0)), options, listener).train();
    assertThat(steps).containsExactly(3L);
    double mean = (losses.get(0) + losses.get(1) + losses.get(2)) / 3;
    assertThat(logged.get(0)).isCloseTo(mean, within(1e-12));
  }

  private static Trainer trainer(RecipeSpec recipe, DataSplits data) {
    return new Trainer(plan(recipe, data), TrainingOptions.defaults(), TrainingListener.SILENT);
  }

  private static TrainingPlan plan(RecipeSpec recipe, DataSplits data) {
    return new TrainingPlan(LinearModel.manifest(2, recipe), LinearModel::code, data, "");
  }

  private static AugmentationSpec[] noise() {
    return new AugmentationSpec[] {new AugmentationSpec("noise", "x", Map.of("deviation", 0.1))};
  }

  private static RecipeSpec recipe(int epochs, List<StopSpec> stops, AugmentationSpec... random) {
    MinimizeSpec minimize =
        new MinimizeSpec(
            "loss",
            List.of(),
            new OptimizerSpec("sgd", Map.of()),
            new ScheduleSpec("constant", 0.05, Map.of()),
            List.of(),
            null);
    return new RecipeSpec(
        "Linear",
        "d",
        List.of(minimize),
        13,
        epochs,
        stops,
        null,
        0,
        4,
        1,
        List.of(random),
        List.of(new MeasureSpec("r2", "r2", "predict", "y", "y", Map.of())),
        List.of());
  }

  /**
   * y = 3 x₀ − 2 x₁ + 0.5, with a little noise if the seed is not 0; 40 training rows, 20 others.
   */
  private static DataSplits data(int rows, long seed) {
    RandomBits random = new RandomBits(seed);
    float[][] x = new float[rows][2];
    float[] y = new float[rows];
    for (int i = 0; i < rows; i++) {
      x[i][0] = (float) random.nextGaussian();
      x[i][1] = (float) random.nextGaussian();
      double noise = seed == 0 ? 0 : random.nextGaussian();
      y[i] = (float) (3 * x[i][0] - 2 * x[i][1] + 0.5 + noise);
    }
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("x", x);
    columns.put("y", y);
    Dataset all = Dataset.of(columns);
    return new DataSplits(
        new DatasetView(all, Dataset.range(0, 40)),
        new DatasetView(all, Dataset.range(40, rows)),
        null,
        List.of());
  }
}

package org.modelc.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.DatasetView;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;

class TrainingChecksTest {
  private static final Dataset ROWS = Dataset.of(Map.of("kind", "a a b b c c".split(" ")));

  private static RecipeSpec recipe(String metric) {
    MeasureSpec measure = new MeasureSpec(metric, metric, "predict", "kind", "kind", Map.of());
    return new RecipeSpec(
        "M",
        "d",
        List.of(),
        1,
        1,
        List.of(),
        null,
        0,
        0,
        0,
        List.of(),
        List.of(measure),
        List.of());
  }

  private static DataSplits splits(int[] train, int[] test) {
    return new DataSplits(
        new DatasetView(ROWS, train), null, new DatasetView(ROWS, test), List.of());
  }

  @Test
  void aClassThatIsNeverLearnedIsAnError() {
    assertThatThrownBy(
            () ->
                TrainingChecks.requireClasses(
                    recipe("accuracy"), splits(new int[] {0, 1, 2}, new int[] {3, 4})))
        .isInstanceOf(TrainingException.class)
        .hasMessage("class c of `kind` occurs among test rows and never among training rows")
        .extracting("hint")
        .isEqualTo("stratify the split by `kind`, or shuffle it");
    assertThatCode(
            () ->
                TrainingChecks.requireClasses(
                    recipe("accuracy"), splits(new int[] {0, 2, 4}, new int[] {1, 3, 5})))
        .doesNotThrowAnyException();
  }

  @Test
  void viewsOfViewsAreTracedToTheirRows() {
    Dataset late = new DatasetView(ROWS, new int[] {2, 3, 4, 5});
    DataSplits data =
        new DataSplits(
            new DatasetView(ROWS, new int[] {0, 1, 2}),
            new DatasetView(late, new int[] {0, 1}),
            null,
            List.of());
    assertThatThrownBy(() -> TrainingChecks.requireDisjoint(data))
        .hasMessage("1 of 2 validation rows are training rows too");
  }

  @Test
  void warnsOfAModelNoBetterThanAConstantWithBothFigures() {
    Map<String, Double> constant = Map.of("accuracy", 0.625);
    assertThat(
            TrainingChecks.comparedToBaselines(
                recipe("accuracy"), Map.of("accuracy", 0.5), constant))
        .containsExactly(
            "the model is no better than the best constant predictor: accuracy 0.5, the constant's"
                + " 0.625");
    assertThat(
            TrainingChecks.comparedToBaselines(
                recipe("accuracy"), Map.of("accuracy", 0.75), constant))
        .isEmpty();
  }
}

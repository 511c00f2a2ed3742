package org.modelc.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.RecipeSpec.ClassWeightSpec;

class ExampleWeightsTest {
  private static final Dataset ROWS =
      Dataset.of(
          Map.of("bad", new boolean[] {true, false, false, false}, "kind", "a b b b".split(" ")));

  private static double[] of(String kind, String by, Map<String, Double> weights) {
    return ExampleWeights.of(new ClassWeightSpec(kind, by, weights), ROWS);
  }

  /** scikit-learn's `balanced`: 4 rows / (2 classes × rows of the class). */
  @Test
  void balancedIsRowsByClassesTimesRowsOfTheClass() {
    double third = 2.0 / 3;
    assertThat(of("balanced", "bad", Map.of())).containsExactly(2, third, third, third);
    assertThat(of("balanced", "kind", Map.of())).containsExactly(2, third, third, third);
  }

  @Test
  void givenIsAsGivenAndElseOne() {
    assertThat(of("given", "kind", Map.of("a", 5.0))).containsExactly(5, 1, 1, 1);
    assertThat(of("given", "bad", Map.of("0", 1.0, "1", 5.0))).containsExactly(5, 1, 1, 1);
    assertThat(ExampleWeights.of(null, ROWS)).isNull();
  }

  @Test
  void weightsOfUnknownClassesAndNonsenseAreErrors() {
    assertThatThrownBy(() -> of("given", "kind", Map.of("c", 5.0)))
        .hasMessage("there is a weight for class `c` of `kind`, which no training row has");
    assertThatThrownBy(() -> of("given", "kind", Map.of("a", -1.0)))
        .hasMessage("the weight of class `a` is -1.0");
  }
}

package org.modelc.compiler.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.dsl.recipe.CompressSpec.Pruning;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.train.TrainingListener;

/** Which weights become 0, worked out by hand. */
class WeightPruningTest {
  private static final Map<String, WeightSite> SITES =
      Map.of(
          "a.dense.weight", site("a.dense.weight", 1, 4, 2),
          "a.conv.weight", site("a.conv.weight", 0, 2, 3, 1, 1));

  private static WeightSite site(String name, int axis, int... shape) {
    List<Dim> dims = java.util.Arrays.stream(shape).mapToObj(Dim::constant).toList();
    return new WeightSite(name, TensorType.of(DType.F32, dims), axis);
  }

  private static Map<String, Tensor> weights() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put(
        "a.dense.weight",
        new Tensor(DType.F32, List.of(4, 2), new float[] {1, -8, -2, 7, 3, 6, 4, -5}));
    weights.put(
        "a.conv.weight",
        new Tensor(DType.F32, List.of(2, 3, 1, 1), new float[] {0.5f, -20, 30, 0.25f, -0.75f, 40}));
    return weights;
  }

  private static WeightPruning pruning(Pruning kind, double share, int neighbours, String... over) {
    PruneSpec sentence =
        new PruneSpec(kind, share, neighbours, List.of(over), 1, false, SourceSpan.NONE);
    return new WeightPruning(List.of(sentence), SITES);
  }

  private static Map<String, Tensor> pruned(WeightPruning pruning) {
    Map<String, Tensor> weights = weights();
    pruning.finish(weights);
    return weights;
  }

  private static float[] of(Map<String, Tensor> weights, String kind) {
    return (float[]) weights.get("a." + kind + ".weight").array();
  }

  @Test
  void theSmallestOfAllAreTheSmallestOfAll() {
    // Of 14 weights half: 0.25, 0.5, 0.75, 1, 2, 3, 4.
    Map<String, Tensor> left = pruned(pruning(Pruning.MAGNITUDE, 0.5, 0));
    assertThat(of(left, "dense")).containsExactly(0, -8, 0, 7, 0, 6, 0, -5);
    assertThat(of(left, "conv")).containsExactly(0, -20, 30, 0, 0, 40);
  }

  @Test
  void theSmallestOfEach() {
    Map<String, Tensor> left = pruned(pruning(Pruning.MAGNITUDE_OF_EACH, 0.5, 0));
    assertThat(of(left, "dense")).containsExactly(0, -8, 0, 7, 0, 6, 0, -5);
    assertThat(of(left, "conv")).containsExactly(0, -20, 30, 0, 0, 40);
    left = pruned(pruning(Pruning.MAGNITUDE_OF_EACH, 0.75, 0, "dense"));
    assertThat(of(left, "dense")).containsExactly(0, -8, 0, 7, 0, 0, 0, 0);
    assertThat(of(left, "conv")).containsExactly(0.5f, -20, 30, 0.25f, -0.75f, 40);
  }

  @Test
  void twoOfFourNeighboursThatAreSummed() {
    Map<String, Tensor> left = pruned(pruning(Pruning.N_OF_M, 0.5, 4));
    // Columns 1 -2 3 4 and -8 7 6 -5; filters 0.5 -20 30 and 0.25 -0.75 40, of three each.
    assertThat(of(left, "dense")).containsExactly(0, -8, 0, 7, 3, 0, 4, 0);
    assertThat(of(left, "conv")).containsExactly(0, -20, 30, 0, -0.75f, 40);
  }

  @Test
  void theShareGrowsAndWhatIsZeroStaysZero() {
    WeightPruning pruning = pruning(Pruning.MAGNITUDE, 0.5, 0, "dense");
    Map<String, Tensor> weights = weights();
    pruning.learning(weights);
    pruning.started(0, 1, 10, 10);
    assertThat(of(weights, "dense")).doesNotContain(0);
    // After 2 of the 7 steps in which it grows: 0.5·(1 - (5/7)³) = 0.318 of 8 weights are 3.
    step(pruning, 1);
    step(pruning, 2);
    assertThat(of(weights, "dense")).containsExactly(0, -8, 0, 7, 0, 6, 4, -5);
    of(weights, "dense")[0] = 9;
    step(pruning, 8);
    assertThat(of(weights, "dense")).startsWith(0, -8, 0, 7, 0);
  }

  private static void step(WeightPruning pruning, long step) {
    pruning.stepped(new TrainingListener.Step(1, step, (int) step, 10, 0, 0, 0, 0));
  }

  @Test
  void whatIsChosenOnceStays() {
    WeightPruning pruning = pruning(Pruning.MAGNITUDE, 0.5, 0, "dense");
    pruning.choose(weights());
    Map<String, Tensor> first = weights();
    java.util.Arrays.fill(of(first, "dense"), 9);
    pruning.learning(first);
    pruning.started(0, 1, 10, 10);
    assertThat(of(first, "dense")).containsExactly(0, 9, 0, 9, 0, 9, 0, 9);
    step(pruning, 6);
    pruning.finish(first);
    assertThat(of(first, "dense")).containsExactly(0, 9, 0, 9, 0, 9, 0, 9);
  }

  @Test
  void byMovementTheLeastScoresGo() {
    WeightPruning pruning = pruning(Pruning.MOVEMENT, 0.5, 0, "dense");
    assertThat(pruning.byMovement()).containsExactly("a.dense.weight");
    Map<String, Tensor> tensors = weights();
    float[] scores = {-4, 3, 2, -1, 0, -2, 1, -3};
    tensors.put("a.dense.weight.score", new Tensor(DType.F32, List.of(4, 2), scores));
    tensors.put("a.dense.weight.threshold", new Tensor(DType.F32, List.of(), new float[] {-9}));
    pruning.learning(tensors);
    pruning.started(0, 1, 10, 10);
    float[] threshold = (float[]) tensors.get("a.dense.weight.threshold").array();
    assertThat(threshold).containsExactly(Float.NEGATIVE_INFINITY);
    // As by magnitude, 3 of 8 after two of seven steps: -4, -3 and -2; the weights stay.
    step(pruning, 2);
    threshold = (float[]) tensors.get("a.dense.weight.threshold").array();
    assertThat(threshold).containsExactly(-2);
    assertThat(of(tensors, "dense")).containsExactly(1, -8, -2, 7, 3, 6, 4, -5);
    pruning.finish(tensors);
    assertThat(of(tensors, "dense")).containsExactly(0, -8, -2, 0, 3, 0, 4, 0);
  }

  @Test
  void aWeightOfWhichNothingIsLeft() {
    assertThatThrownBy(() -> pruned(pruning(Pruning.MAGNITUDE, 0.99, 0, "conv")))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("nothing is left of `a.conv.weight`");
    assertThatThrownBy(() -> pruning(Pruning.N_OF_M, 0.5, 4, "lstm"))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("no weight matches `lstm`");
  }
}

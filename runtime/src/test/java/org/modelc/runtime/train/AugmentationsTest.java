package org.modelc.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.data.RandomBits;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec.AugmentationSpec;

class AugmentationsTest {
  private static final List<Integer> IMAGE = List.of(1, 3, 3);

  private static float[] apply(String name, Map<String, Double> settings, float[] row, long seed) {
    float[] changed = row.clone();
    Augmentations.of(name).apply(changed, 0, IMAGE, settings, new RandomBits(seed));
    return changed;
  }

  /** The pixel in the middle of a 3 × 3 image can go to each of the nine places. */
  @Test
  void shiftsGoEverywhereAndLoseNoPixelFromTheMiddle() {
    float[] image = {0, 0, 0, 0, 7, 0, 0, 0, 0};
    Set<Integer> places = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      float[] shifted = apply("shift", Map.of("pixels", 1.0), image, seed);
      int place = 0;
      while (shifted[place] != 7) {
        place++;
      }
      places.add(place);
    }
    assertThat(places).hasSize(9);
  }

  @Test
  void flipsMirrorEachRow() {
    float[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertThat(apply("horizontal_flip", Map.of("probability", 1.0), image, 1))
        .containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7);
    assertThat(apply("horizontal_flip", Map.of("probability", 0.0), image, 1))
        .containsExactly(image);
  }

  @Test
  void noiseHasTheDeviationAskedFor() {
    float[] zeros = new float[9];
    double squares = 0;
    for (int seed = 0; seed < 2000; seed++) {
      for (float value : apply("noise", Map.of("deviation", 0.5), zeros, seed)) {
        squares += value * value / 18000;
      }
    }
    // 18,000 squares: the standard error of their mean is 0.25 · √(2/18000) = 0.0026.
    assertThat(squares).isBetween(0.24, 0.26);
  }

  private static Augmentations bound(AugmentationSpec spec) {
    Dim[] shape = {Dim.symbol("B"), Dim.ONE, Dim.constant(3), Dim.constant(3)};
    ProgramAbi.Buffer image =
        new ProgramAbi.Buffer("image", Role.INPUT, DType.F32, List.of(shape), null, false);
    ProgramAbi abi =
        new ProgramAbi("train", "", List.of("B"), List.of(), List.of(image), Dim.ZERO, Dim.ZERO);
    return new Augmentations(List.of(spec), abi, List.of("image"), 3);
  }

  @Test
  void whatHappensToARowDependsOnSeedEpochAndRowAlone() {
    Augmentations noise = bound(new AugmentationSpec("noise", "image", Map.of()));
    float[] two = new float[18];
    float[] swapped = new float[18];
    float[] later = new float[18];
    noise.apply(new Object[] {two}, new int[] {5, 9}, 2);
    noise.apply(new Object[] {swapped}, new int[] {9, 5}, 2);
    noise.apply(new Object[] {later}, new int[] {5, 9}, 3);
    for (int i = 0; i < 9; i++) {
      assertThat(two[i]).isEqualTo(swapped[i + 9]).isNotEqualTo(later[i]);
    }
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> bound(new AugmentationSpec("flip", "image", Map.of())))
        .hasMessage("no augmentation `flip`");
    assertThatThrownBy(() -> bound(new AugmentationSpec("shift", "imag", Map.of())))
        .hasMessage("shift changes `imag`, which is no input of the loss")
        .extracting("hint")
        .isEqualTo("did you mean `image`?");
    assertThatThrownBy(() -> bound(new AugmentationSpec("shift", "image", Map.of("pixel", 1.0))))
        .hasMessage("shift has no setting `pixel`");
  }
}

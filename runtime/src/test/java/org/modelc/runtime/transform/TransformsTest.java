package org.modelc.runtime.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.modelc.runtime.transform.Specs.column;
import static org.modelc.runtime.transform.Specs.columns;
import static org.modelc.runtime.transform.Specs.pattern;
import static org.modelc.runtime.transform.Specs.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.data.ArrayDataset;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.TransformSpec;

class TransformsTest {
  private static final double NAN = Double.NaN;

  private final Dataset people =
      ArrayDataset.builder()
          .number("Age", new double[] {20, NAN, 40, 60})
          .number("Same", new double[] {5, 5, 5, 5})
          .text("Home", new String[] {"rent", "owner", null, "rent"})
          .build();

  @Test
  void ordersPatternColumnsByTheirNumbers() {
    Map<String, double[]> pixels = new LinkedHashMap<>();
    for (String name : List.of("pixel_1_0", "pixel_10_0", "pixel_0_2", "pixel_0_10", "other")) {
      pixels.put(name, new double[] {1});
    }
    FittedTransform fitted = Transforms.fit(pattern("pixel_*"), Dataset.of(pixels));
    assertThat(fitted.columns())
        .containsExactly("pixel_0_2", "pixel_0_10", "pixel_1_0", "pixel_10_0");
  }

  @Test
  void reshapesRowMajorAndDivides() {
    Dataset data =
        ArrayDataset.builder()
            .number("p1", new double[] {16})
            .number("p0", new double[] {8})
            .number("p2", new double[] {0})
            .number("p3", new double[] {4})
            .build();
    TransformSpec spec =
        spec(
            "scaled",
            Map.of("divisor", 16),
            spec("reshaped", Map.of("shape", List.of(2L, 2L)), pattern("p*")));
    FittedTransform fitted = Transforms.fit(spec, data);
    assertThat(fitted.shape()).containsExactly(2, 2);
    assertThat(Transforms.apply(fitted, data.read(new int[] {0})))
        .containsExactly(0.5f, 1f, 0f, 0.25f);
  }

  @Test
  void joinsVectorsAndScalars() {
    TransformSpec spec =
        spec(
            "concat",
            Map.of(),
            spec("imputed", Map.of("by", "median"), columns("Age")),
            spec("one_hot", Map.of(), columns("Home")),
            spec("shifted", Map.of("offset", -5), column("Same")));
    FittedTransform fitted = Transforms.fit(spec, people);
    assertThat(fitted.shape()).containsExactly(5);
    assertThat(Transforms.names(fitted))
        .containsExactly("Age", "Home=owner", "Home=rent", "Home missing", "Same");
    assertThat(Transforms.apply(fitted, people.read(new int[] {1, 2})))
        .containsExactly(40, 1, 0, 0, 0, 40, 0, 0, 1, 0);
    assertThat(Transforms.columns(fitted)).containsExactly("Age", "Home", "Same");
  }

  @Test
  void unseenCategoriesAreAllZeros() {
    FittedTransform fitted = Transforms.fit(spec("one_hot", Map.of(), columns("Home")), people);
    Dataset stranger = ArrayDataset.builder().text("Home", new String[] {"castle"}).build();
    assertThat(Transforms.apply(fitted, stranger.read(new int[] {0}))).containsExactly(0, 0, 0);
    FittedTransform ordinal = Transforms.fit(spec("ordinal", Map.of(), columns("Home")), people);
    assertThat(Transforms.apply(ordinal, stranger.read(new int[] {0}))).containsExactly(3);
    assertThat(Transforms.apply(ordinal, people.read(new int[] {0, 1, 2})))
        .containsExactly(1, 0, 2);
  }

  @Test
  void numbersAsCategoriesAreInOrderOfValue() {
    Dataset data = ArrayDataset.builder().number("n", new double[] {10, 9, 2.5, 10}).build();
    FittedTransform fitted = Transforms.fit(spec("one_hot", Map.of(), columns("n")), data);
    assertThat(fitted.texts().get("0")).containsExactly("2.5", "9", "10");
  }

  @Test
  void constantColumnsBecomeZeroWithAWarning() {
    List<String> warnings = new ArrayList<>();
    FittedTransform fitted =
        Transforms.fit(spec("standardized", Map.of(), columns("Same")), people, warnings);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("`Same`");
    Dataset other = ArrayDataset.builder().number("Same", new double[] {7}).build();
    assertThat(Transforms.apply(fitted, other.read(new int[] {0}))).containsExactly(0f);
  }

  @Test
  void normalizesByChannel() {
    // Channel 0 has 0 and 2 (mean 1, deviation 1), channel 1 has 4 and 8 (mean 6, deviation 2).
    float[] images = {0, 2, 4, 8, 2, 0, 8, 4};
    Dataset data =
        ArrayDataset.builder().tensor("image", DType.F32, images, List.of(2, 1, 2)).build();
    FittedTransform fitted = Transforms.fit(spec("normalized", Map.of(), column("image")), data);
    assertThat(Transforms.apply(fitted, data.read(new int[] {1}))).containsExactly(1, -1, 1, -1);
    TransformSpec given =
        spec(
            "normalized",
            Map.of("mean", List.of(1, 2), "deviation", List.of(2, 4)),
            column("image"));
    assertThat(Transforms.apply(Transforms.fit(given, data), data.read(new int[] {0})))
        .containsExactly(-0.5f, 0.5f, 0.5f, 1.5f);
  }

  @Test
  void takesLogarithmsAndRoots() {
    Dataset data = ArrayDataset.builder().number("x", new double[] {1, 4}).build();
    assertThat(
            Transforms.apply(
                Transforms.fit(spec("sqrt", Map.of(), column("x")), data),
                data.read(new int[] {0, 1})))
        .containsExactly(1, 2);
    FittedTransform log = Transforms.fit(spec("log", Map.of(), column("x")), data);
    assertThat(Transforms.apply(log, data.read(new int[] {0, 1})))
        .containsExactly(0, (float) Math.log(4));
    Dataset zero = ArrayDataset.builder().number("x", new double[] {1, 0}).build();
    assertThatThrownBy(() -> Transforms.apply(log, zero.read(new int[] {0, 1})))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("`x` in row 2");
  }

  @Test
  void rawNumbersMayComeAsTextAndCategoriesAsNumbers() {
    FittedTransform age =
        Transforms.fit(spec("imputed", Map.of("by", "mean"), columns("Age")), people);
    Dataset typed = ArrayDataset.builder().text("Age", new String[] {" 31.5", null}).build();
    assertThat(Transforms.apply(age, typed.read(new int[] {0, 1}))).containsExactly(31.5f, 40f);
    Dataset wrong = ArrayDataset.builder().text("Age", new String[] {"3", "old"}).build();
    assertThatThrownBy(() -> Transforms.apply(age, wrong.read(new int[] {0, 1})))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column `Age` has \"old\" in row 2");
  }

  @Test
  void saysWhichValueIsMissing() {
    FittedTransform fitted = Transforms.fit(columns("Same", "Age"), people);
    assertThatThrownBy(() -> Transforms.apply(fitted, people.read(new int[] {0, 1})))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("`Age` has no value in row 2");
  }

  @Test
  void mistakesNameColumnsAndWhatToDo() {
    assertFails(columns("Agee"), "no column `Agee`", "did you mean `Age`?");
    assertFails(pattern("x*"), "no column matches", "Age, Same, Home");
    assertFails(spec("standardized", Map.of(), columns("Home")), "needs numbers", "one_hot");
    assertFails(spec("imputed", Map.of("by", "medin"), columns("Age")), "`medin`", "`median`");
    assertFails(spec("imputed", Map.of("by", "mean"), columns("Home")), "`Home`", "most_frequent");
    assertFails(spec("clipped", Map.of(), columns("Age")), "one rule", "iqr");
    assertFails(spec("reshaped", Map.of("shape", List.of(2, 2)), columns("Age")), "1 elements", "");
    assertFails(spec("standardised", Map.of(), columns("Age")), "no transform", "`standardized`");
  }

  @Test
  void anEmptyColumnCannotBeImputed() {
    Dataset empty = ArrayDataset.builder().number("Age", new double[] {NAN, NAN}).build();
    assertThatThrownBy(
            () -> Transforms.fit(spec("imputed", Map.of("by", "median"), columns("Age")), empty))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("`Age` has no value in any training row");
  }

  private void assertFails(TransformSpec spec, String message, String hint) {
    assertThatThrownBy(() -> Transforms.fit(spec, people))
        .isInstanceOfSatisfying(
            DataException.class,
            e -> {
              assertThat(e.getMessage()).contains(message);
              assertThat(e.hint()).contains(hint);
            });
  }
}

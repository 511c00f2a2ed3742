package org.modelc.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.ColumnExpression;
import org.modelc.runtime.spec.DataSpec.DerivedColumn;
import org.modelc.runtime.spec.DataSpec.FilterSpec;
import org.modelc.runtime.spec.DataSpec.SplitSpec;

class DataPreparationTest {
  private static final double NAN = Double.NaN;

  private static ColumnExpression leaf(String operator, String value) {
    return new ColumnExpression(operator, value, List.of());
  }

  private static ColumnExpression of(String operator, ColumnExpression... operands) {
    return new ColumnExpression(operator, "", List.of(operands));
  }

  private static Dataset people() {
    return ArrayDataset.builder()
        .number("age", new double[] {20, NAN, 30, 20, 40})
        .text("status", new String[] {"bad", "good", null, "bad", "good"})
        .bool("owner", new double[] {1, 0, NAN, 1, 0})
        .build();
  }

  private static Object derived(ColumnExpression expression) {
    Dataset data = DerivedDataset.of(people(), List.of(new DerivedColumn("new", expression)));
    return data.read(new int[] {0, 1, 2, 4}, List.of("new")).values("new");
  }

  @Test
  void comparesAndKeepsWhatIsMissingMissing() {
    Object bad = derived(of("==", leaf("column", "status"), leaf("text", "bad")));
    assertThat((double[]) bad).containsExactly(1, 0, NAN, 0);
    Object old = derived(of(">=", leaf("column", "age"), leaf("number", "30")));
    assertThat((double[]) old).containsExactly(0, NAN, 1, 1);
  }

  @Test
  void logicKnowsWhatFollowsWithoutTheMissingValue() {
    ColumnExpression owner = leaf("column", "owner");
    assertThat((double[]) derived(of("and", owner, leaf("bool", "false"))))
        .containsExactly(0, 0, 0, 0);
    assertThat((double[]) derived(of("or", owner, leaf("bool", "true"))))
        .containsExactly(1, 1, 1, 1);
    assertThat((double[]) derived(of("not", owner))).containsExactly(0, 1, NAN, 1);
    assertThat((double[]) derived(of("or", owner, of("not", owner)))).containsExactly(1, 1, NAN, 1);
  }

  @Test
  void computesWithNumbers() {
    ColumnExpression age = leaf("column", "age");
    ColumnExpression expression =
        of(
            "+",
            of("^", of("/", age, leaf("number", "10")), leaf("number", "2")),
            of("max", age, leaf("number", "25")));
    assertThat((double[]) derived(expression)).containsExactly(4 + 25, NAN, 9 + 30, 16 + 40);
    assertThat((String[]) derived(of("category", age))).containsExactly("20", null, "30", "40");
  }

  @Test
  void aDerivedColumnMayReplaceOneAndBeUsedByTheNext() {
    ColumnExpression age = leaf("column", "age");
    Dataset data =
        DerivedDataset.of(
            people(),
            List.of(
                new DerivedColumn("age", of("*", age, leaf("number", "2"))),
                new DerivedColumn("more", of("+", age, leaf("number", "1")))));
    assertThat(data.names()).containsExactly("age", "status", "owner", "more");
    ColumnBatch batch = data.read(new int[] {4}, List.of("more", "age"));
    assertThat(batch.numbers("more")).containsExactly(81);
    assertThat(batch.numbers("age")).containsExactly(80);
  }

  @Test
  void saysWhatCannotBeDerived() {
    assertThatThrownBy(() -> derived(of("==", leaf("column", "age"), leaf("text", "x"))))
        .isInstanceOf(DataException.class)
        .hasMessage("`==` of number (column `age`) and text");
    assertThatThrownBy(() -> derived(leaf("column", "agee")))
        .hasMessage("no column `agee` in the data")
        .extracting("hint")
        .isEqualTo("did you mean `age`?");
    assertThatThrownBy(() -> derived(of("sin", leaf("column", "age"))))
        .hasMessage("no column function `sin`");
  }

  private static FilterSpec filter(String kind, Map<String, Object> options, String... columns) {
    return new FilterSpec(kind, List.of(columns), options);
  }

  private static DataSplits prepare(Dataset data, SplitSpec split, FilterSpec... filters) {
    DataSpec spec = new DataSpec("d", List.of(), List.of(filters), List.of(), split);
    return DataPreparation.prepare(spec, Map.of("rows", data));
  }

  @Test
  void dropsGapsAndRepetitionsAndCountsThem() {
    DataSplits gaps = prepare(people(), null, filter("drop_missing", Map.of(), "age"));
    assertThat(gaps.train().readAll(List.of("age")).numbers("age")).containsExactly(20, 30, 20, 40);
    assertThat(gaps.counts())
        .containsExactly(new FilterCount("drop_missing", List.of("age"), 1, "rows dropped"));
    DataSplits distinct = prepare(people(), null, filter("drop_duplicates", Map.of()));
    assertThat(distinct.train().size()).isEqualTo(4);
    assertThat(prepare(people(), null, filter("drop_missing", Map.of())).train().size())
        .isEqualTo(3);
  }

  @Test
  void tensorsCountAsEqualByTheirElements() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("x", new float[][] {{1, 2}, {1, 3}, {1, 2}});
    assertThat(
            prepare(Dataset.of(columns), null, filter("drop_duplicates", Map.of())).train().size())
        .isEqualTo(2);
  }

  /** Quartiles of 1…9 and 100 are 3.25 and 7.75 (NumPy): bounds −3.5 and 14.5. */
  @Test
  void outliersByQuartilesOfTrainingRowsAlone() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 1000, 2000};
    Dataset data = ArrayDataset.builder().number("v", values).build();
    SplitSpec split = new SplitSpec("ordered", 10.0 / 12, 0, 2.0 / 12, null, 0);
    DataSplits dropped = prepare(data, split, filter("drop_outliers", Map.of("method", "iqr")));
    assertThat(dropped.train().size()).isEqualTo(9);
    assertThat(dropped.test().size()).isEqualTo(2);
    assertThat(dropped.counts())
        .containsExactly(new FilterCount("drop_outliers", List.of(), 1, "training rows dropped"));
    DataSplits clipped = prepare(data, split, filter("clip_outliers", Map.of("method", "iqr")));
    assertThat(clipped.train().readAll(List.of("v")).numbers("v")[9]).isEqualTo(14.5);
    assertThat(clipped.test().readAll(List.of("v")).numbers("v")).containsExactly(1000, 2000);
  }

  /** Nine 0 and one 20: mean 2, population deviation √((9·4 + 18²) / 10) = 6. */
  @Test
  void outliersByPopulationDeviations() {
    double[] values = {0, 0, 0, 0, 0, 0, 0, 0, 0, 20};
    Dataset data = ArrayDataset.builder().number("v", values).build();
    FilterSpec two = filter("clip_outliers", Map.of("method", "z", "factor", 2L));
    assertThat(prepare(data, null, two).train().readAll(List.of("v")).numbers("v")[9])
        .isEqualTo(14);
  }

  @Test
  void batchesCheckTheirArrays() {
    Column image = Column.tensor("image", DType.F32, List.of(2, 2));
    assertThatThrownBy(() -> new ColumnBatch(2, List.of(image), new Object[] {new float[7]}))
        .hasMessageContaining("needs 2 rows as float[] of 8, got float[]");
    assertThatThrownBy(() -> ArrayDataset.builder().add("x", new Object()))
        .hasMessageContaining("column `x` is a Object");
    assertThatThrownBy(
            () -> ArrayDataset.builder().add("x", new float[2]).add("y", new float[3]).build())
        .hasMessageContaining("column `y` has 3 rows, the columns before it 2");
  }

  @Test
  void generatedRowsAreReadByNumber() {
    Dataset data =
        Dataset.generated(
            List.of(
                Column.number("n"), Column.text("t"), Column.tensor("x", DType.F32, List.of(2))),
            1_000_000,
            row -> new Object[] {row, row % 2 == 0 ? null : "odd", new float[] {row, -row}});
    ColumnBatch batch = data.read(new int[] {999_999, 4}, List.of("x", "t"));
    assertThat((float[]) batch.values("x")).containsExactly(999_999, -999_999, 4, -4);
    assertThat(batch.texts("t")).containsExactly("odd", null);
  }

  @Test
  void separateSourcesStayApart() {
    DataSpec spec = new DataSpec("d", List.of(), List.of(), List.of(), null);
    DataSplits splits = DataPreparation.prepare(spec, Map.of("train", people(), "test", people()));
    assertThat(splits.validation()).isNull();
    assertThat(splits.test().size()).isEqualTo(5);
    assertThatThrownBy(() -> DataPreparation.prepare(spec, Map.of()))
        .hasMessage("data `d` has no training rows");
  }
}

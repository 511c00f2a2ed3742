package org.modelc.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.DataSpec.SplitSpec;

class SplitterTest {
  private static Dataset rows(int count) {
    double[] numbers = new double[count];
    String[] classes = new String[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
      classes[i] = i % 10 == 0 ? "rare" : i % 2 == 0 ? "even" : "odd";
    }
    return ArrayDataset.builder().number("n", numbers).text("class", classes).build();
  }

  private static SplitSpec spec(String kind, double train, double validation, double test) {
    return new SplitSpec(kind, train, validation, test, "class", 7);
  }

  /** The first outputs for seed 1234567 in the reference implementation of SplitMix64. */
  @Test
  void theGeneratorIsSplitMix64() {
    RandomBits random = new RandomBits(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
  }

  @Test
  void orderedTakesRowsAsTheyCome() {
    Splitter.Parts parts = Splitter.split(rows(10), spec("ordered", 0.7, 0.1, 0.2));
    assertThat(parts.train()).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(parts.validation()).containsExactly(7);
    assertThat(parts.test()).containsExactly(8, 9);
  }

  @Test
  void everyRowIsInExactlyOnePart() {
    for (String kind : List.of("ordered", "random", "stratified")) {
      for (int size : new int[] {11, 13, 100, 207}) {
        Splitter.Parts parts = Splitter.split(rows(size), spec(kind, 0.7, 0.15, 0.15));
        List<int[]> all = List.of(parts.train(), parts.validation(), parts.test());
        assertThat(union(all)).as("%s of %d", kind, size).isEqualTo(Dataset.range(0, size));
        assertThat(parts.train().length).isBetween((int) (0.7 * size) - 2, (int) (0.7 * size) + 2);
      }
    }
  }

  private static int[] union(List<int[]> parts) {
    return parts.stream().flatMapToInt(Arrays::stream).sorted().toArray();
  }

  @Test
  void stratifiedKeepsTheSharesOfEachClass() {
    Dataset data = rows(200);
    Splitter.Parts parts = Splitter.split(data, spec("stratified", 0.7, 0.15, 0.15));
    assertThat(counts(data, parts.train())).isEqualTo(Map.of("odd", 70, "even", 56, "rare", 14));
    assertThat(counts(data, parts.test())).isEqualTo(Map.of("odd", 15, "even", 12, "rare", 3));
  }

  @Test
  void aClassOfOneRowIsLearned() {
    Dataset data = ArrayDataset.builder().text("class", "a a a a a a a b".split(" ")).build();
    Splitter.Parts parts = Splitter.split(data, spec("stratified", 0.5, 0, 0.5));
    assertThat(counts(data, parts.train())).containsEntry("b", 1);
  }

  private static Map<String, Integer> counts(Dataset data, int[] rows) {
    Map<String, Integer> counts = new java.util.TreeMap<>();
    for (String label : data.read(rows, List.of("class")).texts("class")) {
      counts.merge(label, 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void sameSeedSameRowsOtherSeedOtherRows() {
    SplitSpec seven = spec("random", 0.5, 0, 0.5);
    SplitSpec eight = new SplitSpec("random", 0.5, 0, 0.5, null, 8);
    assertThat(Splitter.split(rows(50), seven).train())
        .isEqualTo(Splitter.split(rows(50), seven).train())
        .isNotEqualTo(Splitter.split(rows(50), eight).train());
  }

  @Test
  void foldsShareOutAllRows() {
    List<int[]> folds = Splitter.folds(23, 5, 3);
    assertThat(union(folds)).isEqualTo(Dataset.range(0, 23));
    assertThat(folds).extracting(fold -> fold.length).containsExactly(5, 5, 5, 4, 4);
    assertThat(Splitter.allBut(folds, 1)).hasSize(18).doesNotContain(folds.get(1));
  }

  @Test
  void stratifiedFoldsShareOutEachClass() {
    Dataset data = rows(103);
    List<Map<String, Integer>> counts = new ArrayList<>();
    for (int[] fold : Splitter.stratifiedFolds(data, "class", 5, 1)) {
      counts.add(counts(data, fold));
    }
    assertThat(counts).allMatch(fold -> fold.get("rare") >= 2 && fold.get("rare") <= 3);
    assertThat(counts).allMatch(fold -> fold.get("odd") >= 10 && fold.get("odd") <= 11);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Splitter.split(rows(0), spec("random", 0.5, 0, 0.5)))
        .isInstanceOf(DataException.class)
        .hasMessage("the data has no rows");
    assertThatThrownBy(() -> Splitter.split(rows(9), spec("random", 0.5, 0.5, 0.5)))
        .hasMessageContaining("are no division");
    assertThatThrownBy(() -> Splitter.split(rows(2), spec("random", 0.9, 0.05, 0.05)))
        .hasMessage("a share of 0.05 of 2 rows leaves no validation rows");
    assertThatThrownBy(
            () -> Splitter.split(rows(9), new SplitSpec("stratified", 0.5, 0, 0.5, "klass", 1)))
        .hasMessage("no column `klass`")
        .extracting("hint")
        .isEqualTo("did you mean `class`?");
    assertThatThrownBy(() -> Splitter.folds(3, 5, 1)).hasMessage("5 folds of 3 rows");
  }
}

package org.modelc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;

class CsvSourceTest {
  @TempDir Path folder;

  @Test
  void infersTypesOverAllRows() {
    Dataset data = open("a,b,c,d\n1,x,,2020\n-2.5e1,\"y, \"\"z\"\"\nz\",NA,7\n,,3,abc\n", Map.of());
    assertThat(data.columns())
        .containsExactly(
            Column.number("a"), Column.text("b"), Column.number("c"), Column.text("d"));
    ColumnBatch batch = data.read(new int[] {2, 0, 1}, List.of("b", "a"));
    assertThat(batch.numbers("a")).containsExactly(Double.NaN, 1, -25);
    assertThat(batch.texts("b")).containsExactly(null, "x", "y, \"z\"\nz");
    assertThat(data.readAll(List.of("c")).numbers("c")).containsExactly(Double.NaN, Double.NaN, 3);
  }

  @Test
  void takesOptions() {
    Dataset data =
        open(
            "01;?\n02;4\n",
            Map.of("separator", ";", "missing", List.of("?"), "text", "column_1", "header", false));
    assertThat(data.columns()).containsExactly(Column.text("column_1"), Column.number("column_2"));
    assertThat(data.readAll(List.of("column_1")).texts("column_1")).containsExactly("01", "02");
    assertThat(data.readAll(List.of("column_2")).numbers("column_2"))
        .containsExactly(Double.NaN, 4);
  }

  @Test
  void takesMarksCarriageReturnsAndBlankLines() {
    Dataset data = open("\uFEFFa,b\r\n1,2\r\n\r\n3,4", Map.of());
    assertThat(data.names()).containsExactly("a", "b");
    assertThat(data.readAll(List.of("a")).numbers("a")).containsExactly(1, 3);
  }

  @Test
  void readsFromDiskWhatItReadsFromMemory() {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("n,t\n");
    for (int i = 0; i < 1000; i++) {
      text.append(random.nextInt(5) == 0 ? "" : random.nextDouble()).append(",\"é\n,");
      text.append(random.nextInt(100)).append("\"\r\n");
    }
    Dataset memory = open(text.toString(), Map.of());
    Dataset disk = open(text.toString(), Map.of("memory", 0));
    assertThat(disk.getClass()).isNotEqualTo(memory.getClass());
    assertThat(disk.columns()).isEqualTo(memory.columns());
    assertThat(disk.size()).isEqualTo(1000);
    int[] rows = random.ints(200, 0, 1000).toArray();
    ColumnBatch expected = memory.read(rows);
    ColumnBatch actual = disk.read(rows);
    assertThat(actual.numbers("n")).isEqualTo(expected.numbers("n"));
    assertThat(actual.texts("t")).isEqualTo(expected.texts("t"));
  }

  @Test
  void blankLinesInAFileOnDiskAreAnErrorNotAShift() {
    assertFails("a,b\n1,2\n\n3,4\n", Map.of("memory", 0), "blank lines");
  }

  @Test
  void tellsMistakesByLine() {
    assertFails("", Map.of(), "rows.csv is empty");
    assertFails("a,b\n", Map.of(), "no rows");
    assertFails("a,b,a\n1,2,3\n", Map.of(), "rows.csv:1: columns 1 and 3 are both called `a`");
    assertFails("a,b\n1,2\n\n3\n", Map.of(), "rows.csv:4: the row has 1 fields, the first row 2");
    assertFails("a,b\n1,2,3\n", Map.of(), "rows.csv:2: the row has 3 fields");
    assertFails("a,b\n1,\"x\n", Map.of(), "cannot be parsed");
    assertFails("a,b\n1,2\n", Map.of("text", "c"), "no column `c`");
    assertFails("a,b\n1,2\n", Map.of("seperator", ";"), "no setting `seperator`");
    assertFails("a,b\n1,2\n", Map.of("separator", "::"), "not one character");
  }

  @Test
  void tellsBytesThatAreNoText() throws IOException {
    byte[] bytes = "name\nJose\nM?ller\n".getBytes(StandardCharsets.US_ASCII);
    bytes[11] = (byte) 0xfc;
    Path file = folder.resolve("rows.csv");
    Files.write(file, bytes);
    assertThatThrownBy(() -> Sources.open("csv", file, Map.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no UTF-8");
  }

  @Test
  void suggestsFilesAndColumns() {
    open("a\n1\n", Map.of());
    assertThatThrownBy(() -> Sources.open("csv", folder.resolve("row.csv"), Map.of()))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.hint()).contains("`rows.csv`"));
    assertThatThrownBy(() -> open("age,b\n1,2\n", Map.of()).readAll(List.of("agee")))
        .isInstanceOfSatisfying(DataException.class, e -> assertThat(e.hint()).contains("`age`"));
  }

  private Dataset open(String text, Map<String, Object> options) {
    try {
      Path file = folder.resolve("rows.csv");
      Files.writeString(file, text);
      return Sources.open("csv", file, options);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertFails(String text, Map<String, Object> options, String message) {
    assertThatThrownBy(() -> open(text, options))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}

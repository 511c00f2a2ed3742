package org.modelc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;

class JsonLinesSourceTest {
  @TempDir Path folder;

  @Test
  void infersColumnsOverAllRows() {
    Dataset data =
        open(
            """
            {"n": 1, "t": "a", "b": true, "m": 3, "x": [[1, 2.5]]}\r

            {"m": "é", "n": null, "x": [[3, 4]], "z": null}
            """);
    assertThat(data.columns())
        .containsExactly(
            Column.number("n"),
            Column.text("t"),
            Column.bool("b"),
            Column.text("m"),
            Column.tensor("x", DType.F32, List.of(1, 2)),
            Column.number("z"));
    ColumnBatch batch = data.read(new int[] {1, 0, 1});
    assertThat(batch.numbers("n")).containsExactly(Double.NaN, 1, Double.NaN);
    assertThat(batch.texts("t")).containsExactly(null, "a", null);
    assertThat(batch.numbers("b")).containsExactly(Double.NaN, 1, Double.NaN);
    assertThat(batch.texts("m")).containsExactly("é", "3", "é");
    assertThat((float[]) batch.values("x")).containsExactly(3, 4, 1, 2.5f, 3, 4);
  }

  @Test
  void tellsMistakesByLine() {
    assertFails("", "has no rows");
    assertFails("\n \n", "has no rows");
    assertFails("{\"a\": 1}\n{\"a\": \n", "rows.jsonl:2: no valid JSON");
    assertFails("{\"a\": 1}\n[1]\n", "rows.jsonl:2: an object is wanted");
    assertFails("{\"a\": 1} {\"a\": 2}\n", "rows.jsonl:1: no valid JSON");
    assertFails("{\"a\": 1, \"a\": 2}\n", "rows.jsonl:1: no valid JSON: Duplicate field 'a'");
    assertFails("{\"a\": {\"b\": 1}}\n", "`a` is an object");
    assertFails("{\"a\": [1]}\n{\"a\": [1, 2]}\n", "rows.jsonl:2: `a` is");
    assertThatThrownBy(() -> open("{\"a\": [[1, 2], [3]]}\n").read(new int[] {0}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("`a` is");
  }

  @Test
  void nestingIsBounded() {
    assertFails("{\"a\": " + "[".repeat(100_000) + "\n", "no valid JSON");
  }

  private Dataset open(String text) {
    try {
      Path file = folder.resolve("rows.jsonl");
      Files.writeString(file, text);
      return Sources.open("jsonl", file, Map.of());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertFails(String text, String message) {
    assertThatThrownBy(() -> open(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}

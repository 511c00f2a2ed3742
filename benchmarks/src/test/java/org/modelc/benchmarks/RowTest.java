package org.modelc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.Json;

class RowTest {
  private static final Row ROW =
      new Row("mlp-b1", 2, "us", 45.678, "onnxruntime (1)", 1234.5, 1.234, 1.1, 1.5, 0.314, 17);

  @Test
  void jsonHasTheFieldsThatScriptsRead() {
    Map<String, Object> object = Json.readObject(ROW.json());
    assertThat(object)
        .containsEntry("row", "mlp-b1")
        .containsEntry("unit", "us")
        .containsEntry("peer", "onnxruntime (1)");
    assertThat(((Number) object.get("threads")).intValue()).isEqualTo(2);
    assertThat(((Number) object.get("ours")).doubleValue()).isEqualTo(45.678);
    assertThat(((Number) object.get("theirs")).doubleValue()).isEqualTo(1234.5);
    assertThat(((Number) object.get("ratio_low")).doubleValue()).isEqualTo(1.1);
  }

  @Test
  void markdownIsALineOfTheTable() {
    assertThat(ROW.markdown())
        .isEqualTo(
            "| `mlp-b1` | 2 | 45.7 us | 1,235 us, onnxruntime (1) | 1.23 (1.10) | 1.50 | 31 % |");
    long columns =
        Row.markdownHead().lines().findFirst().orElseThrow().chars().filter(c -> c == '|').count();
    assertThat(ROW.markdown().chars().filter(c -> c == '|').count()).isEqualTo(columns);
  }
}

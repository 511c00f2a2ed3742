package org.modelc.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  @Test
  void figuresAreInTheRowsUnit() {
    assertThat(Workload.of("mlp-b1").figure(2500)).isEqualTo(2.5, CLOSE);
    assertThat(Workload.of("encoder-1x32").figure(14_600_000)).isEqualTo(14.6, CLOSE);
    // 128 samples in 8 ms.
    assertThat(Workload.of("train-mlp").figure(8e6)).isEqualTo(16_000, CLOSE);
    // 2 · 512³ operations in a second.
    assertThat(Workload.of("gemm-512").figure(1e9)).isEqualTo(0.268435456, CLOSE);
  }

  /** A compressed program stands against our own of f32, and against others' compressed ones. */
  @Test
  void requiredRatiosDependOnTheOpponent() {
    Workload compressed = Workload.of("encoder-1x128-int8");
    assertThat(compressed.required(UncompressedEngine.NAME)).isEqualTo(1.7);
    assertThat(compressed.required("onnxruntime")).isEqualTo(1.3);
    assertThat(Workload.of("mlp-b1").required("onnxruntime")).isEqualTo(1.5);
  }

  @Test
  void anUnknownRowIsAnError() {
    assertThatThrownBy(() -> Workload.of("mlp-b2")).hasMessageContaining("mlp-b32");
  }

  @Test
  void settingsReplaceDefaultsOfTheModel() {
    assertThat(Materials.with("model Gemm(rows: int = 512, inner: int = 4)", "inner", 77))
        .isEqualTo("model Gemm(rows: int = 512, inner: int = 77)");
    assertThatThrownBy(() -> Materials.with("model Gemm()", "rows", 1))
        .hasMessageContaining("no setting rows");
  }
}

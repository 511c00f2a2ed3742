package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.jvm.ProgramHarness.dim;
import static org.modelc.codegen.jvm.ProgramHarness.f32;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Products with a row or two at run time. */
class SingleRowTest {
  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** {@code y[b, n] = max(Σ x[b, k] × w[k, n] + bias[n] × gain[0], 0)}. */
  private static ProgramHarness dense(int n, int k) {
    Axis row = new Axis("b", Dim.symbol("B"));
    Axis column = new Axis("n", dim(n));
    Axis inner = new Axis("k", dim(k));
    Buffer x = f32("x", Dim.symbol("B"), dim(k));
    Buffer w = f32("w", dim(k), dim(n));
    Buffer bias = f32("bias", dim(n));
    Buffer gain = f32("gain", dim(1));
    Buffer y = f32("y", Dim.symbol("B"), dim(n));
    Expr product =
        new Expr.Load(x, List.of(row.variable(), inner.variable()))
            .times(new Expr.Load(w, List.of(inner.variable(), column.variable())));
    Expr zero = new Expr.Const(DType.F32, 0);
    Expr shift =
        new Expr.Load(bias, List.of(column.variable()))
            .times(new Expr.Load(gain, List.of(Expr.integer(0))));
    Expr value = Expr.apply(ScalarOp.MAXIMUM, LoopNest.reduced(0, DType.F32).plus(shift), zero);
    LoopNest nest =
        new LoopNest(
            "dense",
            List.of(row, column),
            List.of(inner),
            List.of(new LoopNest.Reduction(Combiner.SUM, zero, product)),
            List.of(new LoopNest.Store(y, List.of(row.variable(), column.variable()), value)),
            List.of());
    return new ProgramHarness(ProgramHarness.program(List.of("B"), List.of(), nest));
  }

  @ParameterizedTest
  @CsvSource({"64,64", "64,10", "16,8", "7,13", "100,9", "512,96", "2,1", "130,7"})
  void aRowAloneHasTheBitsItHasInABatch(int n, int k) {
    ProgramHarness harness = dense(n, k);
    assertThat(harness.emitted.source()).contains("if (B == 1)");
    int rows = 3;
    float[] x = random(rows * k, 1);
    float[] w = random(n * k, 2);
    float[] bias = random(n, 3);
    float[] gain = {0.75f};
    Map<String, Object> shared = Map.of("w", w, "bias", bias, "gain", gain);
    float[] together = run(harness, rows, x, shared);
    for (int row = 0; row < rows; row++) {
      float[] alone = run(harness, 1, Arrays.copyOfRange(x, row * k, (row + 1) * k), shared);
      assertThat(alone).isEqualTo(Arrays.copyOfRange(together, row * n, (row + 1) * n));
      assertThat(alone).isEqualTo(chains(x, row, w, bias, gain[0], n, k));
    }
  }

  private static float[] run(
      ProgramHarness harness, int rows, float[] x, Map<String, Object> shared) {
    Map<String, Object> given = new java.util.HashMap<>(shared);
    given.put("x", x);
    return (float[]) harness.run(Map.of("B", rows), given).get("y");
  }

  /** The promised order: one chain of fused multiply-adds along the inner dim. */
  private static float[] chains(
      float[] x, int row, float[] w, float[] bias, float gain, int n, int k) {
    float[] result = new float[n];
    for (int column = 0; column < n; column++) {
      float sum = 0;
      for (int inner = 0; inner < k; inner++) {
        sum = Math.fma(x[row * k + inner], w[inner * n + column], sum);
      }
      result[column] = Math.max(sum + bias[column] * gain, 0);
    }
    return result;
  }

  @Test
  void aMatrixBeyondTheCacheIsPacked() {
    assertThat(dense(1024, 1024).emitted.source()).doesNotContain("if (B == 1)");
  }
}

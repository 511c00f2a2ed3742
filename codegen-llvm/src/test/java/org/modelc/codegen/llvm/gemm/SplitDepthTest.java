package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Products of few tiles and a long depth: what they give, and that workers do not matter. */
class SplitDepthTest {
  private static LoopNest product(int m, int n, Dim k) {
    return Products.matmul(
        "", DType.F32, Dim.constant(m), Dim.constant(n), k, true, false, Products::reluOfBias);
  }

  private static boolean isSplit(CompiledNests nests) {
    return nests.emitted.llvm().contains("product.parts: contraction");
  }

  @ParameterizedTest
  @CsvSource({"32,48,4096", "3,5,2048", "14,32,2056", "28,70,16384", "1,40,65536"})
  void sumsOfParts(int m, int n, int k) {
    double[] a = Products.random(k * m, 1);
    double[] b = Products.random(k * n, 2);
    double[] bias = Products.random(n, 3);
    for (IsaLevel level : NativeFunction.runnable()) {
      CompiledNests nests = new CompiledNests(level, List.of(), product(m, n, Dim.constant(k)));
      assertThat(isSplit(nests)).isTrue();
      check(nests, m, n, k, Map.of(), Map.of("a", a, "b", b, "bias", bias));
    }
  }

  /** A depth of rows times what is known, and rows that are few. */
  @Test
  void depthsKnownOnlyAtACall() {
    int m = 20;
    int n = 33;
    Dim depth = Dim.symbol("B").times(72);
    for (IsaLevel level : NativeFunction.runnable()) {
      CompiledNests nests = new CompiledNests(level, List.of("B"), product(m, n, depth));
      assertThat(isSplit(nests)).isTrue();
      for (int rows : new int[] {1, 2, 29, 64}) {
        int k = 72 * rows;
        Map<String, double[]> inputs =
            Map.of(
                "a", Products.random(k * m, 1),
                "b", Products.random(k * n, 2),
                "bias", Products.random(n, 3));
        check(nests, m, n, k, Map.of("B", rows), inputs);
      }
    }
  }

  private static void check(
      CompiledNests nests,
      int m,
      int n,
      int k,
      Map<String, Integer> dims,
      Map<String, double[]> inputs) {
    double[] found = nests.run(1, dims, inputs).get("c");
    for (int workers = 2; workers <= 5; workers++) {
      assertThat(nests.run(workers, dims, inputs).get("c")).as("%s", workers).isEqualTo(found);
    }
    double[] a = inputs.get("a");
    double[] b = inputs.get("b");
    for (int at = 0; at < found.length; at++) {
      double sum = inputs.get("bias")[at % n];
      double size = Math.abs(sum);
      for (int step = 0; step < k; step++) {
        double term = a[step * m + at / n] * b[step * n + at % n];
        sum += term;
        size += Math.abs(term);
      }
      double bound = Math.scalb(size, -21);
      assertThat(found[at]).as("%s", at).isCloseTo(Math.max(0, sum), within(bound));
    }
  }

  /** Many tiles, short depths, and depths of no equal parts stay whole. */
  @ParameterizedTest
  @CsvSource({"64,64,4096", "32,32,1024", "32,32,4100"})
  void productsThatStayWhole(int m, int n, int k) {
    IsaLevel level = NativeFunction.best();
    CompiledNests nests = new CompiledNests(level, List.of(), product(m, n, Dim.constant(k)));
    assertThat(isSplit(nests)).isFalse();
  }
}

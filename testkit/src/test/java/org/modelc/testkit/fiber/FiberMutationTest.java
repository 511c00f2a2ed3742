package org.modelc.testkit.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/**
 * The matrix product of {@code kernels.cu}, by tensor cores and asynchronous copies, as it is and
 * with mistakes made on purpose. Factors are small whole numbers, so that sums are exact.
 */
class FiberMutationTest {
  private static final int M = 45;
  private static final int N = 36;
  private static final int K = 36;

  @TempDir static Path folder;
  private static FiberCompiler compiler;
  private static String text;

  @BeforeAll
  static void compiler() throws IOException {
    Assumptions.assumeTrue(FiberCompiler.isAvailable(), "there is no g++");
    compiler = new FiberCompiler(folder);
    try (InputStream stream = FiberMutationTest.class.getResourceAsStream("/ptx/kernels.cu")) {
      text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static float[] factor(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(9) - 4;
    }
    return values;
  }

  private static byte[] bytes(float... values) {
    ByteBuffer result = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    result.asFloatBuffer().put(values);
    return result.array();
  }

  private static FiberProgram.Results run(String kernels, FiberChecks checks) throws IOException {
    Launch launch =
        Launch.of(
            "product",
            Extent.of((N + 15) / 16, (M + 31) / 32),
            Extent.of(128),
            Argument.buffer(0),
            Argument.buffer(1),
            Argument.buffer(2),
            Argument.of(M),
            Argument.of(N),
            Argument.of(K));
    List<byte[]> buffers =
        List.of(bytes(factor(M * K, 1)), bytes(factor(K * N, 2)), new byte[4 * M * N]);
    return compiler.compile(kernels, checks).run(buffers, List.of(launch), 3);
  }

  private static double error(FiberProgram.Results results) {
    assertThat(results.problem()).isNull();
    float[] a = factor(M * K, 1);
    float[] b = factor(K * N, 2);
    double worst = 0;
    for (int i = 0; i < M * N; i++) {
      double sum = 0;
      for (int k = 0; k < K; k++) {
        sum += (double) a[i / N * K + k] * b[k * N + i % N];
      }
      float actual =
          ByteBuffer.wrap(results.buffers().get(2)).order(ByteOrder.LITTLE_ENDIAN).getFloat(4 * i);
      double difference = Math.abs(sum - actual);
      worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
    }
    return worst;
  }

  private static String changed(String from, String to) {
    assertThat(text).contains(from);
    return text.replace(from, to);
  }

  @Test
  void withoutAMistakeItIsExact() throws IOException {
    for (FiberChecks checks : FiberChecks.values()) {
      assertThat(error(run(text, checks))).as("%s", checks).isZero();
    }
  }

  @Test
  void aDeletedBarrierIsARace() throws IOException {
    String first = changed("cp_async_wait<1>();\n    __syncthreads();", "cp_async_wait<1>();");
    assertThat(run(first, FiberChecks.THREADS).problem()).contains("data race");
    String second = changed("d, fa, fb, d);\n    __syncthreads();", "d, fa, fb, d);");
    assertThat(run(second, FiberChecks.THREADS).problem()).contains("data race");
  }

  @Test
  void aWaitTooShortReadsWhatWasThereBefore() throws IOException {
    String wrong = changed("cp_async_wait<1>", "cp_async_wait<2>");
    assertThat(error(run(wrong, FiberChecks.NONE))).isPositive();
  }

  @Test
  void swappedFragmentsGiveWrongSums() throws IOException {
    String left = changed("d, fa, fb, d", "d, {fa[0], fa[2], fa[1], fa[3]}, fb, d");
    assertThat(error(run(left, FiberChecks.NONE))).isPositive();
    String right = changed("d, fa, fb, d", "d, fa, {fb[1], fb[0]}, d");
    assertThat(error(run(right, FiberChecks.NONE))).isPositive();
  }

  @Test
  void aBoundOffByOneLeavesTheBuffer() throws IOException {
    String wrong = changed("if (r < m && q < n)", "if (r <= m && q < n)");
    assertThat(run(wrong, FiberChecks.ADDRESS).problem()).contains("heap-buffer-overflow");
  }
}

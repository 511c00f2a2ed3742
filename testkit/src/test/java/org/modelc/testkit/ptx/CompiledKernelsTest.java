package org.modelc.testkit.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/** PTX that NVIDIA's compiler made of {@code kernels.cu}; results beside sums in doubles. */
class CompiledKernelsTest {
  private static PtxMachine machine() throws IOException {
    return new PtxMachine(PtxModule.parse(Bytes.resource("/ptx/kernels.ptx")));
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void softmaxOfRaggedRows() throws IOException {
    for (int columns : new int[] {1, 7, 32, 207}) {
      int rows = 13;
      float[] in = random(rows * columns, 5);
      PtxMachine machine = machine();
      int from = machine.buffer(Bytes.of(in));
      int to = machine.uninitialised(4 * in.length);
      PtxCounts counts =
          machine.launch(
              Launch.of(
                  "softmax",
                  Extent.of(4),
                  Extent.of(128),
                  Argument.buffer(from),
                  Argument.buffer(to),
                  Argument.of(rows),
                  Argument.of(columns)),
              columns);
      System.out.println("softmax " + columns + ": " + counts);
      float[] out = Bytes.floats(machine.contents(to));
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        for (int i = 0; i < columns; i++) {
          sum += Math.exp(in[row * columns + i]);
        }
        for (int i = 0; i < columns; i++) {
          double expected = Math.exp(in[row * columns + i]) / sum;
          assertThat((double) out[row * columns + i])
              .isCloseTo(expected, within(1e-6 * expected + 1e-9));
        }
      }
    }
  }

  @Test
  void productByTensorCoresAndAsynchronousCopies() throws IOException {
    for (int[] shape :
        List.of(new int[] {32, 16, 8}, new int[] {45, 36, 100}, new int[] {1, 4, 4})) {
      int m = shape[0];
      int n = shape[1];
      int k = shape[2];
      float[] a = random(m * k, 1);
      float[] b = random(k * n, 2);
      PtxMachine machine = machine();
      int left = machine.buffer(Bytes.of(a));
      int right = machine.buffer(Bytes.of(b));
      int to = machine.uninitialised(4 * m * n);
      Launch launch =
          Launch.of(
              "product",
              Extent.of((n + 15) / 16, (m + 31) / 32),
              Extent.of(128),
              Argument.buffer(left),
              Argument.buffer(right),
              Argument.buffer(to),
              Argument.of(m),
              Argument.of(n),
              Argument.of(k));
      PtxCounts counts = machine.launch(launch, m);
      System.out.println("product: " + counts);
      assertThat(counts.matrixProducts())
          .isEqualTo(4L * ((n + 15) / 16) * ((m + 31) / 32) * ((k + 7) / 8));
      float[] out = Bytes.floats(machine.contents(to));
      for (int i = 0; i < m * n; i++) {
        double sum = 0;
        double size = 0;
        for (int j = 0; j < k; j++) {
          double term = (double) a[i / n * k + j] * b[j * n + i % n];
          sum += term;
          size += Math.abs(term);
        }
        // Factors lose at most 2^-10 of themselves.
        assertThat((double) out[i]).isCloseTo(sum, within(size * 0x1p-9));
      }
    }
  }
}

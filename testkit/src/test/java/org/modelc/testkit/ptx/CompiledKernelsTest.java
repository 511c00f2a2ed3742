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

  /** Each of four columns has another function; a local array serves the sine of large angles. */
  @Test
  void vectorsOfLongMathematics() throws IOException {
    int vectors = 300;
    int threads = 64;
    float[] in = random(4 * vectors, 11);
    for (int i = 0; i < in.length; i++) {
      in[i] = i % 4 == 2 || i % 4 == 3 ? Math.abs(in[i]) + 0.01f : in[i];
    }
    in[3] = 3.0e9f;
    PtxMachine machine = machine();
    int from = machine.buffer(Bytes.of(in));
    int to = machine.uninitialised(4 * in.length);
    Launch launch =
        new Launch(
            "gelu",
            Extent.of(3),
            Extent.of(threads),
            4 * threads,
            List.of(
                Argument.buffer(from),
                Argument.buffer(to),
                Argument.of((long) vectors),
                Argument.of(0.25)));
    machine.launch(launch, 2);
    float[] out = Bytes.floats(machine.contents(to));
    for (int i = 0; i < vectors; i++) {
      float t = 0.25f * ((i % threads + 1) % threads);
      double x = in[4 * i];
      float first = (float) (0.5 * x * (1.0 + erf(x * 0.70710678f)) + t);
      close(out[4 * i], first, 3e-6);
      close(out[4 * i + 1], Math.tanh(in[4 * i + 1]), 3e-6);
      close(out[4 * i + 2], Math.log(in[4 * i + 2]) / out[4 * i], 3e-5);
      double power = Math.pow(in[4 * i + 3], 1.7f) * Math.sqrt(t);
      double angle = in[4 * i + 3] * 100.0f;
      close(out[4 * i + 3], power + Math.sin(angle), 3e-6 * (1 + Math.abs(power)));
    }
  }

  private static void close(float actual, double expected, double tolerance) {
    assertThat((double) actual).isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
  }

  /** Abramowitz and Stegun 7.1.5: the series, which converges everywhere. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return sum * 2 / Math.sqrt(Math.PI);
  }

  @Test
  void integersOf64BitsVotesAndAtomics() throws IOException {
    int n = 75;
    byte[] in = new byte[n];
    new Random(3).nextBytes(in);
    PtxMachine machine = machine();
    int from = machine.buffer(in);
    int to = machine.uninitialised(4 * n);
    int sums = machine.buffer(new byte[8 * (n + 2)]);
    machine.launch(
        Launch.of(
            "ints",
            Extent.of(3),
            Extent.of(32),
            Argument.buffer(from),
            Argument.buffer(to),
            Argument.buffer(sums),
            Argument.of(n),
            Argument.of(1000)),
        6);
    int[] out = Bytes.ints(machine.contents(to));
    long[] totals = Bytes.longs(machine.contents(sums));
    long total = 0;
    int most = 0;
    for (int i = 0; i < n; i++) {
      long h = (i + 1) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 31;
      h *= 0xBF58476D1CE4E5B9L;
      // Those with remainder 1 by three: 1 to 31, 34 to 61, 64 to 94.
      int votes = i / 32 == 1 ? 10 : 11;
      int v = in[i];
      int expected =
          v * 7
              - (int) Long.remainderUnsigned(h, 1000)
              + votes
              + Integer.numberOfLeadingZeros(v | 1)
              + (int) (Long.divideUnsigned(h, 1000) >>> 40);
      assertThat(out[i]).as("element %d", i).isEqualTo(expected);
      total += h >>> 20;
      most = Math.max(most, v);
      double q = v * 0.1;
      q = q < 0 ? Math.sqrt(-q) : Math.exp(q);
      assertThat((double) totals[2 + i]).isCloseTo(q * 1000, within(0.5 + 1e-9 * q));
    }
    assertThat(totals[0]).isEqualTo(total);
    assertThat((int) totals[1]).isEqualTo(most);
  }
}

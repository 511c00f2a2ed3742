package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.modelc.codegen.jvm.ProgramHarness.dim;
import static org.modelc.codegen.jvm.ProgramHarness.f32;

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

class ContractionTest {
  private static final Expr ZERO = new Expr.Const(DType.F32, 0);

  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static Expr load(Buffer buffer, Expr... index) {
    return new Expr.Load(buffer, List.of(index));
  }

  private static LoopNest sum(
      List<Axis> parallel, List<Axis> reduce, Expr body, Buffer target, Expr... index) {
    LoopNest.Reduction reduction = new LoopNest.Reduction(Combiner.SUM, ZERO, body);
    LoopNest.Store store =
        new LoopNest.Store(target, List.of(index), LoopNest.reduced(0, DType.F32));
    return new LoopNest("product", parallel, reduce, List.of(reduction), List.of(store), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "3,5,7",
    "131,13,37",
    "13,131,16",
    "7,1100,19",
    "260,530,33",
    "64,10,128",
    "2,2,200"
  })
  void matmulInEveryTransposition(int m, int n, int k) {
    for (int transposition = 0; transposition < 4; transposition++) {
      boolean leftTurned = (transposition & 1) != 0;
      boolean rightTurned = (transposition & 2) != 0;
      Axis i = new Axis("i", dim(m));
      Axis j = new Axis("j", dim(n));
      Axis l = new Axis("l", dim(k));
      Buffer a = leftTurned ? f32("a", dim(k), dim(m)) : f32("a", dim(m), dim(k));
      Buffer b = rightTurned ? f32("b", dim(n), dim(k)) : f32("b", dim(k), dim(n));
      Buffer c = f32("c", dim(m), dim(n));
      Expr left =
          leftTurned ? load(a, l.variable(), i.variable()) : load(a, i.variable(), l.variable());
      Expr right =
          rightTurned ? load(b, j.variable(), l.variable()) : load(b, l.variable(), j.variable());
      LoopNest nest =
          sum(List.of(i, j), List.of(l), left.times(right), c, i.variable(), j.variable());
      ProgramHarness harness =
          new ProgramHarness(ProgramHarness.program(List.of(), List.of(), nest));
      assertThat(harness.emitted.kernels().get(0)).contains("contraction");
      float[] x = random(m * k, 1);
      float[] y = random(k * n, 2);
      float[] z = (float[]) harness.run(Map.of(), Map.of("a", x, "b", y)).get("c");
      for (int p = 0; p < m; p++) {
        for (int q = 0; q < n; q++) {
          double expected = 0;
          for (int r = 0; r < k; r++) {
            double u = leftTurned ? x[r * m + p] : x[p * k + r];
            double v = rightTurned ? y[q * k + r] : y[r * n + q];
            expected += u * v;
          }
          assertThat((double) z[p * n + q]).isCloseTo(expected, within(1e-5));
        }
      }
    }
  }

  @Test
  void convolutionWithPaddingStrideAndFusedBias() {
    int batch = 3;
    int channels = 2;
    int size = 9;
    int filters = 5;
    int window = 3;
    int stride = 2;
    int result = (size + 2 - window) / stride + 1;
    Axis b = new Axis("b", dim(batch));
    Axis o = new Axis("o", dim(filters));
    Axis y = new Axis("y", dim(result));
    Axis x = new Axis("x", dim(result));
    Axis c = new Axis("c", dim(channels));
    Axis r = new Axis("r", dim(window));
    Axis s = new Axis("s", dim(window));
    Buffer in = f32("in", dim(batch), dim(channels), dim(size), dim(size));
    Buffer w = f32("w", dim(filters), dim(channels), dim(window), dim(window));
    Buffer bias = f32("bias", dim(filters));
    Buffer out = f32("out", dim(batch), dim(filters), dim(result), dim(result));
    Expr row = y.variable().times(Expr.integer(stride)).plus(r.variable()).minus(Expr.integer(1));
    Expr column =
        x.variable().times(Expr.integer(stride)).plus(s.variable()).minus(Expr.integer(1));
    Expr inside = and(inside(row, size), inside(column, size));
    Expr padded = Expr.select(inside, load(in, b.variable(), c.variable(), row, column), ZERO);
    Expr body = padded.times(load(w, o.variable(), c.variable(), r.variable(), s.variable()));
    LoopNest.Reduction reduction = new LoopNest.Reduction(Combiner.SUM, ZERO, body);
    Expr shifted = LoopNest.reduced(0, DType.F32).plus(load(bias, o.variable()));
    LoopNest.Store store =
        new LoopNest.Store(
            out,
            List.of(b.variable(), o.variable(), y.variable(), x.variable()),
            Expr.apply(ScalarOp.MAXIMUM, shifted, ZERO));
    LoopNest nest =
        new LoopNest(
            "conv",
            List.of(b, o, y, x),
            List.of(c, r, s),
            List.of(reduction),
            List.of(store),
            List.of());
    ProgramHarness harness = new ProgramHarness(ProgramHarness.program(List.of(), List.of(), nest));
    assertThat(harness.emitted.kernels().get(0)).contains("contraction");
    float[] image = random(batch * channels * size * size, 3);
    float[] weights = random(filters * channels * window * window, 4);
    float[] shift = random(filters, 5);
    float[] actual =
        (float[])
            harness.run(Map.of(), Map.of("in", image, "w", weights, "bias", shift)).get("out");
    int at = 0;
    for (int bb = 0; bb < batch; bb++) {
      for (int oo = 0; oo < filters; oo++) {
        for (int yy = 0; yy < result; yy++) {
          for (int xx = 0; xx < result; xx++) {
            double expected = shift[oo];
            for (int t = 0; t < channels * window * window; t++) {
              int iy = yy * stride + t / window % window - 1;
              int ix = xx * stride + t % window - 1;
              if (iy >= 0 && iy < size && ix >= 0 && ix < size) {
                int channel = bb * channels + t / (window * window);
                expected +=
                    (double) image[(channel * size + iy) * size + ix]
                        * weights[oo * channels * window * window + t];
              }
            }
            assertThat((double) actual[at++]).isCloseTo(Math.max(0, expected), within(1e-5));
          }
        }
      }
    }
  }

  /** Over an input padded already: rows of the picture follow each other, gaps are thrown away. */
  @ParameterizedTest
  @CsvSource({"1,1,3,3,1", "3,2,9,3,5", "2,3,30,5,7", "5,1,13,4,33"})
  void convolutionOverPaddedPictures(int batch, int channels, int size, int window, int filters) {
    int result = size - window + 1;
    Axis b = new Axis("b", dim(batch));
    Axis o = new Axis("o", dim(filters));
    Axis y = new Axis("y", dim(result));
    Axis x = new Axis("x", dim(result));
    Axis c = new Axis("c", dim(channels));
    Axis r = new Axis("r", dim(window));
    Axis s = new Axis("s", dim(window));
    Buffer in = f32("in", dim(batch), dim(channels), dim(size), dim(size));
    Buffer w = f32("w", dim(filters), dim(channels), dim(window), dim(window));
    Buffer other = f32("other", dim(batch), dim(filters), dim(result), dim(result));
    Buffer bias = f32("bias", dim(filters));
    Buffer out = f32("out", dim(batch), dim(filters), dim(result), dim(result));
    Buffer gradient = f32("gradient", dim(filters), dim(channels), dim(window), dim(window));
    Expr pixel =
        load(
            in,
            b.variable(),
            c.variable(),
            y.variable().plus(r.variable()),
            x.variable().plus(s.variable()));
    Expr sum = LoopNest.reduced(0, DType.F32);
    List<Expr> place = List.of(b.variable(), o.variable(), y.variable(), x.variable());
    Expr value = sum.plus(load(bias, o.variable())).times(new Expr.Load(other, place));
    LoopNest.Reduction products =
        new LoopNest.Reduction(
            Combiner.SUM,
            ZERO,
            pixel.times(load(w, o.variable(), c.variable(), r.variable(), s.variable())));
    LoopNest forward =
        new LoopNest(
            "conv",
            List.of(b, o, y, x),
            List.of(c, r, s),
            List.of(products),
            List.of(new LoopNest.Store(out, place, value)),
            List.of());
    LoopNest backward =
        sum(
            List.of(o, c, r, s),
            List.of(b, y, x),
            pixel.times(new Expr.Load(other, place)),
            gradient,
            o.variable(),
            c.variable(),
            r.variable(),
            s.variable());
    ProgramHarness harness =
        new ProgramHarness(ProgramHarness.program(List.of(), List.of(), forward, backward));
    float[] image = random(batch * channels * size * size, 3);
    float[] weights = random(filters * channels * window * window, 4);
    float[] shift = random(filters, 5);
    float[] factor = random(batch * filters * result * result, 6);
    Map<String, Object> arrays =
        harness.run(Map.of(), Map.of("in", image, "w", weights, "bias", shift, "other", factor));
    float[] actual = (float[]) arrays.get("out");
    double[] expectedGradient = new double[weights.length];
    for (int at = 0; at < actual.length; at++) {
      int xx = at % result;
      int yy = at / result % result;
      int oo = at / (result * result) % filters;
      int bb = at / (result * result * filters);
      double expected = shift[oo];
      for (int t = 0; t < channels * window * window; t++) {
        int channel = bb * channels + t / (window * window);
        int row = yy + t / window % window;
        double element = image[(channel * size + row) * size + xx + t % window];
        expected += element * weights[oo * channels * window * window + t];
        expectedGradient[oo * channels * window * window + t] += element * factor[at];
      }
      assertThat((double) actual[at]).isCloseTo(expected * factor[at], within(1e-5));
    }
    float[] actualGradient = (float[]) arrays.get("gradient");
    for (int t = 0; t < expectedGradient.length; t++) {
      assertThat((double) actualGradient[t]).isCloseTo(expectedGradient[t], within(1e-3));
    }
  }

  private static Expr inside(Expr index, int size) {
    return and(
        Expr.apply(ScalarOp.GREATER_EQUAL, index, Expr.integer(0)),
        Expr.apply(ScalarOp.LESS, index, Expr.integer(size)));
  }

  private static Expr and(Expr left, Expr right) {
    return new Expr.Apply(ScalarOp.AND, DType.BOOL, List.of(left, right));
  }
}

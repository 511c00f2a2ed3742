package org.modelc.codegen.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.modelc.codegen.jvm.ProgramHarness.dim;
import static org.modelc.codegen.jvm.ProgramHarness.f32;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.workers.Team;

/**
 * A gradient of a convolution by its kernel: {@code g[o, c, r, s] = Σ cotangent[b, o, y, x] ×
 * input[c, b, y + r, x + s]}.
 */
final class KernelGradient {
  private static final int WINDOW = 3;
  private static final Dim BATCH = Dim.symbol("B");
  private static final Expr ZERO = new Expr.Const(DType.F32, 0);

  /** Two workers of one kernel, which needs no barrier. */
  private static final Team TWO =
      new Team() {
        @Override
        public int size() {
          return 2;
        }

        @Override
        public void barrier(int worker) {
          throw new IllegalStateException("one kernel has no barrier");
        }
      };

  private final int filters;
  private final int channels;
  private final int size;
  final float[] input;
  final float[] cotangent;
  private final int batch;

  KernelGradient(int filters, int channels, int size, int batch) {
    this.filters = filters;
    this.channels = channels;
    this.size = size;
    this.batch = batch;
    this.input = random(channels * batch * padded() * padded(), 1);
    this.cotangent = random(batch * filters * size * size, 2);
  }

  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private int padded() {
    return size + WINDOW - 1;
  }

  private static List<Expr> index(Expr... parts) {
    return List.of(parts);
  }

  /** The gradient's nest; of one channel, the channel's axis is left out as lowering does. */
  LoopNest gradient(Buffer from, boolean oneChannel) {
    Axis o = new Axis("o", dim(filters));
    Axis c = new Axis("c", dim(channels));
    Axis r = new Axis("r", dim(WINDOW));
    Axis s = new Axis("s", dim(WINDOW));
    Axis b = new Axis("b", BATCH);
    Axis y = new Axis("y", dim(size));
    Axis x = new Axis("x", dim(size));
    Expr channel = oneChannel ? Expr.integer(0) : c.variable();
    Buffer given = f32("cotangent", BATCH, dim(filters), dim(size), dim(size));
    Buffer result = f32("g", dim(filters), dim(channels), dim(WINDOW), dim(WINDOW));
    Expr row = y.variable().plus(r.variable());
    Expr column = x.variable().plus(s.variable());
    Expr product =
        new Expr.Load(from, index(channel, b.variable(), row, column))
            .times(
                new Expr.Load(
                    given, index(b.variable(), o.variable(), y.variable(), x.variable())));
    List<Axis> parallel = new ArrayList<>(List.of(o, c, r, s));
    if (oneChannel) {
      parallel.remove(c);
    }
    return new LoopNest(
        "gradient",
        parallel,
        List.of(b, y, x),
        List.of(new LoopNest.Reduction(Combiner.SUM, ZERO, product)),
        List.of(
            new LoopNest.Store(
                result,
                index(o.variable(), channel, r.variable(), s.variable()),
                LoopNest.reduced(0, DType.F32))),
        List.of());
  }

  Buffer inputBuffer(String name) {
    return f32(name, dim(channels), BATCH, dim(padded()), dim(padded()));
  }

  void check(float[] result) {
    int at = 0;
    for (int o = 0; o < filters; o++) {
      for (int c = 0; c < channels; c++) {
        for (int r = 0; r < WINDOW; r++) {
          for (int s = 0; s < WINDOW; s++) {
            assertThat((double) result[at++]).isCloseTo(expected(o, c, r, s), within(1e-4));
          }
        }
      }
    }
  }

  private double expected(int o, int c, int r, int s) {
    double sum = 0;
    for (int b = 0; b < batch; b++) {
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          int from = ((c * batch + b) * padded() + y + r) * padded() + x + s;
          sum += (double) input[from] * cotangent[((b * filters + o) * size + y) * size + x];
        }
      }
    }
    return sum;
  }

  /** As two workers compute it, one after the other. */
  float[] byTwo(ProgramHarness harness) {
    float[] result = new float[filters * channels * WINDOW * WINDOW];
    Object[] buffers =
        harness.emitted.abi().buffers().stream()
            .map(
                buffer ->
                    switch (buffer.name()) {
                      case "input" -> input;
                      case "cotangent" -> cotangent;
                      default -> result;
                    })
            .toArray();
    int[] dims = {batch};
    for (int worker = 0; worker < 2; worker++) {
      harness.program.run(buffers, dims, harness.program.scratch(dims), TWO, worker);
    }
    return result;
  }
}

package org.modelc.codegen.llvm.attention;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.gemm.CompiledNests;
import org.modelc.codegen.llvm.gemm.Peak;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.ops.ScaledDotProductAttention;
import org.modelc.ir.ops.ScaledDotProductAttention.Attributes;
import org.modelc.ir.ops.ScaledDotProductAttentionGradient;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Prints how near attention and its gradient come to the machine's peak, exponentials not counted
 * as work: percent of what a loop of multiply-adds reaches beside it, in CPU time of the thread.
 *
 * <p>Run it from the tests' class path: {@code AttentionBenchmark [level] [shape…]}, shapes as
 * {@code batch x queries x keys x heads x size}, with {@code c} for causal and {@code g} for the
 * gradient.
 */
public final class AttentionBenchmark {
  private static final String[] SHAPES = {
    "1x32x32x12x32", "1x128x128x12x32", "16x128x128x8x32c", "16x128x128x8x32cg", "1x512x512x8x64"
  };
  private static final int SAMPLES = 40;

  private AttentionBenchmark() {}

  public static void main(String[] arguments) {
    IsaLevel level = arguments.length > 0 ? IsaLevel.valueOf(arguments[0]) : NativeFunction.best();
    String[] shapes = arguments.length > 1 ? arguments[1].split(",") : SHAPES;
    Peak peak = new Peak(level);
    List<Case> cases = new ArrayList<>();
    for (String shape : shapes) {
      cases.add(new Case(shape, level));
    }
    for (int i = 0; i < SAMPLES; i++) {
      cases.forEach(each -> each.sample(peak));
    }
    cases.forEach(Case::print);
  }

  private static final class Case {
    private final String shape;
    private final double operations;
    private final NativeFunction function;
    private final long frame;
    private final List<ByteBuffer> kept = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();
    private double best = Double.MAX_VALUE;

    Case(String shape, IsaLevel level) {
      this.shape = shape;
      boolean gradient = shape.contains("g");
      boolean causal = shape.contains("c");
      String[] sizes = shape.replaceAll("[gc]", "").split("x");
      int batch = Integer.parseInt(sizes[0]);
      int queries = Integer.parseInt(sizes[1]);
      int keys = Integer.parseInt(sizes[2]);
      int heads = Integer.parseInt(sizes[3]);
      int features = heads * Integer.parseInt(sizes[4]);
      List<Buffer> operands = new ArrayList<>();
      operands.add(buffer("q", batch, queries, features));
      operands.add(buffer("k", batch, keys, features));
      operands.add(buffer("v", batch, keys, features));
      List<Buffer> results = new ArrayList<>();
      if (gradient) {
        operands.forEach(x -> results.add(new Buffer("d" + x, DType.F32, x.shape())));
        operands.add(buffer("cotangent", batch, queries, features));
      } else {
        results.add(buffer("result", batch, queries, features));
      }
      OpKernel kernel =
          new OpKernel(
              "attention",
              gradient ? new ScaledDotProductAttentionGradient() : new ScaledDotProductAttention(),
              new Attributes(heads, causal, 0),
              operands,
              results,
              List.of());
      CompiledNests nests = new CompiledNests(level, List.of(), kernel);
      function = nests.function();
      Random random = new Random(1);
      Map<String, double[]> inputs = new HashMap<>();
      operands.forEach(
          x -> inputs.put(x.name(), random.doubles(x.size().value(), -1, 1).toArray()));
      List<ByteBuffer> buffers = nests.buffers(Map.of(), inputs);
      kept.addAll(buffers);
      frame =
          function.frame(
              1,
              new long[0],
              nests.scratchBytes(Map.of()),
              buffers.toArray(ByteBuffer[]::new),
              kept);
      double products = gradient ? 5 : 2;
      operations = 2 * products * batch * queries * keys * features * (causal ? 0.5 : 1);
    }

    private static Buffer buffer(String name, int batch, int rows, int features) {
      return new Buffer(
          name,
          DType.F32,
          List.of(Dim.constant(batch), Dim.constant(rows), Dim.constant(features)));
    }

    void sample(Peak peak) {
      double before = peak.gigaflops();
      function.call(frame);
      double time = Peak.seconds(() -> function.call(frame));
      double after = peak.gigaflops();
      best = Math.min(best, time);
      shares.add(operations / time * 1e-9 / ((before + after) / 2));
    }

    void print() {
      shares.sort(null);
      System.out.printf(
          Locale.ROOT,
          "%-20s best %9.1f us %7.1f GFLOP/s; %% of peak: median %5.1f, quartile %5.1f%n",
          shape,
          best * 1e6,
          operations / best * 1e-9,
          100 * shares.get(shares.size() / 2),
          100 * shares.get(shares.size() * 3 / 4));
    }
  }
}

package org.modelc.codegen.llvm.gemm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Prints how near products of some shapes come to the machine's peak: percent of what a loop of
 * multiply-adds on registers alone reaches, measured beside each shape, in CPU time of the thread.
 *
 * <p>Run it from the tests' class path: {@code ProductBenchmark [level] [shape…]} with shapes such
 * as {@code 128x384x1536}, with a {@code t} before a factor that is turned round ({@code
 * 128x384xt1536} is {@code x·wᵀ}), {@code r} after it for a fused bias and relu, {@code g} for bias
 * and gelu, {@code p} for a right factor in panels, {@code c} for one that is in no near cache.
 * Knobs of the schedule follow an {@code @}: {@code 512x512x512@partSteps=256@blockTiles=12}.
 */
public final class ProductBenchmark {
  private static final String[] SHAPES = {
    "512x512x512", "1024x1024x1024", "128x384x1536", "128x1536x384", "32x384x384", "4096x384x384",
    "1x512x784", "1x256x512", "1x10x256", "32x512x784r", "32x256x512r", "256x512x784r",
    "256x256x512r", "256x10x256", "784xt512x128", "128x784xt512", "128x512xt256", "128x128xt64",
    "128x64x128"
  };
  private static final int SAMPLES = 60;

  /** More than the first two caches hold. */
  private static final int COLD_BYTES = 48 << 20;

  private ProductBenchmark() {}

  public static void main(String[] arguments) {
    IsaLevel level = arguments.length > 0 ? IsaLevel.valueOf(arguments[0]) : NativeFunction.best();
    String[] shapes = arguments.length > 1 ? arguments[1].split(",") : SHAPES;
    Peak peak = new Peak(level);
    System.out.printf(Locale.ROOT, "%s, peak %.1f GFLOP/s%n", level, peak.gigaflops());
    List<Case> cases = new ArrayList<>();
    for (String shape : shapes) {
      cases.add(new Case(shape, level));
    }
    for (int i = 0; i < SAMPLES; i++) {
      for (Case each : cases) {
        each.sample(peak);
      }
    }
    cases.forEach(Case::print);
  }

  /** A product, and how it did beside the peak before and after each sample. */
  private static final class Case {
    private final String name;
    private final double operations;
    private final double bytes;
    private final NativeFunction function;
    private final List<ByteBuffer> kept = new ArrayList<>();
    private final List<Long> frames = new ArrayList<>();
    private int turn;
    private final List<Double> shares = new ArrayList<>();
    private double best = Double.MAX_VALUE;

    Case(String named, IsaLevel level) {
      this.name = named;
      String[] parts = named.split("@");
      String shape = parts[0];
      Products.Finish finish =
          shape.contains("r")
              ? Products::reluOfBias
              : shape.contains("g") ? Products::geluOfBias : (sum, i, j) -> sum;
      boolean packed = shape.contains("p");
      String[] sizes = shape.replaceAll("[rgpc]", "").split("x");
      boolean leftTurned = sizes[1].startsWith("t");
      boolean rightTurned = sizes[2].startsWith("t");
      int m = Integer.parseInt(sizes[0]);
      int n = Integer.parseInt(sizes[1].replace("t", ""));
      int k = Integer.parseInt(sizes[2].replace("t", ""));
      LoopNest nest =
          Products.matmul(
              "",
              DType.F32,
              Dim.constant(m),
              Dim.constant(n),
              Dim.constant(k),
              leftTurned,
              rightTurned,
              finish);
      if (packed) {
        int width = RegisterTile.of(NativePlatform.host().target(level), DType.F32).columns();
        nest = Products.packed(nest, width);
      }
      CompiledNests nests =
          new CompiledNests(schedules(level, nest, parts), level, List.of(), nest);
      int rightSize = packed ? k * ((n + 31) / 32 * 32) : k * n;
      function = nests.function();
      int copies = shape.contains("c") ? 1 + COLD_BYTES / (4 * rightSize) : 1;
      for (int copy = 0; copy < copies; copy++) {
        List<ByteBuffer> buffers =
            nests.buffers(
                Map.of(),
                Map.of(
                    "a", Products.random(m * k, 1),
                    "b", Products.random(rightSize, 2 + copy),
                    "bias", Products.random(n, 3)));
        kept.addAll(buffers);
        frames.add(
            function.frame(
                1,
                new long[0],
                nests.scratchBytes(Map.of()),
                buffers.toArray(ByteBuffer[]::new),
                kept));
      }
      operations = 2.0 * m * n * k;
      bytes = 4.0 * ((double) m * k + (double) k * n + (double) m * n);
    }

    /** The model's schedule with the knobs that are given. */
    private static ProductSchedules schedules(IsaLevel level, LoopNest nest, String[] parts) {
      if (parts.length == 1) {
        return ProductSchedules.NONE;
      }
      KernelProgram program = CompiledNests.program(List.of(), nest);
      ScheduledProduct product =
          new LlvmBackend()
              .emit(program, "modelc_test", NativePlatform.host().target(level)).kernels().stream()
                  .flatMap(kernel -> kernel.product().stream())
                  .findFirst()
                  .orElseThrow();
      ProductSchedule schedule = product.schedule();
      for (String part : List.of(parts).subList(1, parts.length)) {
        String[] knob = part.split("=");
        schedule = schedule.with(ProductKnob.of(knob[0]).orElseThrow(), Integer.parseInt(knob[1]));
      }
      return new ProductSchedules(Map.of(level, Map.of(product.kernel(), schedule)));
    }

    void sample(Peak peak) {
      double before = peak.gigaflops();
      call();
      double time = Peak.seconds(this::call);
      double after = peak.gigaflops();
      best = Math.min(best, time);
      shares.add(operations / time * 1e-9 / ((before + after) / 2));
    }

    private void call() {
      function.call(frames.get(turn++ % frames.size()));
    }

    void print() {
      shares.sort(null);
      System.out.printf(
          Locale.ROOT,
          "%-16s best %9.1f us %7.1f GFLOP/s %6.1f GB/s; %% of peak: median %5.1f, quartile %5.1f%n",
          name,
          best * 1e6,
          operations / best * 1e-9,
          bytes / best * 1e-9,
          100 * shares.get(shares.size() / 2),
          100 * shares.get(shares.size() * 3 / 4));
    }
  }
}

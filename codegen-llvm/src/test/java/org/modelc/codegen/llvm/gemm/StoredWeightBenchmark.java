package org.modelc.codegen.llvm.gemm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.LlvmToolchain;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.spec.DType;

/**
 * Prints what products of floats with weights of 32, 16, 8 and 4 bits take, in turns: {@code
 * StoredWeightBenchmark [level] [shape…]} with shapes such as {@code 1x512x784} (rows, columns,
 * depth); with {@code assembly} before them, the kernels' instructions instead.
 */
public final class StoredWeightBenchmark {
  private static final String[] SHAPES = {"1x512x784", "1x256x512", "4x512x784", "32x512x784"};
  private static final List<String> WEIGHTS = List.of("f32", "f16", "bf16", "int8", "int4");
  private static final int SAMPLES = 200;
  private static final int CALLS = 20;

  private StoredWeightBenchmark() {}

  public static void main(String[] arguments) {
    IsaLevel level = arguments.length > 0 ? IsaLevel.valueOf(arguments[0]) : NativeFunction.best();
    boolean prints = arguments.length > 1 && arguments[1].equals("assembly");
    String[] shapes = arguments.length > 1 && !prints ? arguments[1].split(",") : SHAPES;
    for (String shape : shapes) {
      List<Case> cases = new ArrayList<>();
      for (String weights : WEIGHTS) {
        cases.add(new Case(shape, weights, level, prints));
      }
      for (int i = 0; i < SAMPLES && !prints; i++) {
        cases.forEach(Case::sample);
      }
      if (!prints) {
        cases.forEach(each -> each.print(cases.get(0)));
      }
    }
  }

  /** A product with weights of some type. */
  private static final class Case {
    private final String name;
    private final double products;
    private final NativeFunction function;
    private final List<ByteBuffer> kept;
    private final long frame;
    private double best = Double.MAX_VALUE;

    Case(String shape, String weights, IsaLevel level, boolean prints) {
      String[] sizes = shape.split("x");
      int rows = Integer.parseInt(sizes[0]);
      int columns = Integer.parseInt(sizes[1]);
      int depth = Integer.parseInt(sizes[2]);
      TargetDescription target = NativePlatform.host().target(level);
      KernelProgram program =
          weights.startsWith("int")
              ? StoredWeightPrograms.of(rows, columns, depth, weights.charAt(3) - '0')
              : StoredWeightPrograms.of(rows, columns, depth, DType.of(weights));
      PackedWeights.Split split = PackedWeights.of(program, target);
      // Halves are widened at each call.
      KernelProgram main = split == null ? program : split.main();
      if (prints) {
        System.out.println(
            new LlvmToolchain().assembly(new LlvmBackend().emit(main, "p", target).llvm(), target));
      }
      CompiledNests nests =
          new CompiledNests(
              level, List.of(), main.kernels().toArray(org.modelc.ir.kernel.Kernel[]::new));
      function = nests.function();
      double[] a = new Random(1).doubles((long) rows * depth, -1, 1).toArray();
      kept = nests.buffers(Map.of(), Map.of("a", a));
      int scratch = nests.scratchBytes(Map.of());
      frame = function.frame(1, new long[0], scratch, kept.toArray(ByteBuffer[]::new), kept);
      name = shape + ", " + weights;
      products = (double) rows * columns * depth;
    }

    void sample() {
      function.call(frame);
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        function.call(frame);
      }
      best = Math.min(best, (System.nanoTime() - start) / (double) CALLS);
    }

    void print(Case other) {
      System.out.printf(
          Locale.ROOT,
          "%-22s best %8.2f us, %6.1f products/ns, %5.2f times as fast as f32%n",
          name,
          best / 1e3,
          products / best,
          other.best / best);
    }
  }
}

package org.modelc.codegen.llvm.gemm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.ops.SparseMatmul;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Prints what products with a dense weight take and with the same shape's sparse one, in turns:
 * {@code SparseBenchmark [level] [shape…] [zeros…]} with shapes such as {@code 1x3072x768} (rows,
 * columns, depth) and shares of zeros such as {@code 0.8}, each list parted by commas.
 */
public final class SparseBenchmark {
  private static final String SHAPES =
      "1x128x256,32x128x256,1x768x768,32x768x768,1x3072x768,4x3072x768,8x3072x768,32x3072x768";
  private static final String ZEROS = "0.7,0.8,0.9,0.95";
  private static final int PANEL = 16;
  private static final int SAMPLES = 25;

  /** Multiply-adds of a sample, so that small products are called more often. */
  private static final double SAMPLE = 1e7;

  private SparseBenchmark() {}

  public static void main(String[] arguments) {
    IsaLevel level = arguments.length > 0 ? IsaLevel.valueOf(arguments[0]) : NativeFunction.best();
    String[] shapes = (arguments.length > 1 ? arguments[1] : SHAPES).split(",");
    String[] shares = (arguments.length > 2 ? arguments[2] : ZEROS).split(",");
    System.out.println(level);
    for (String shape : shapes) {
      List<Case> cases = new ArrayList<>();
      cases.add(dense(shape, level));
      for (String zeros : shares) {
        cases.add(sparse(shape, Double.parseDouble(zeros), level));
      }
      for (int i = 0; i < SAMPLES; i++) {
        cases.forEach(Case::sample);
      }
      cases.forEach(each -> each.print(cases.get(0)));
    }
  }

  private static int[] sizes(String shape) {
    return java.util.Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  private static Case dense(String shape, IsaLevel level) {
    int[] sizes = sizes(shape);
    TargetDescription target = NativePlatform.host().target(level);
    Kernel[] kernels =
        PackedWeights.of(StoredWeightPrograms.of(sizes[0], sizes[1], sizes[2], 32), target)
            .main()
            .kernels()
            .toArray(Kernel[]::new);
    Map<String, double[]> inputs = new HashMap<>();
    inputs.put("a", new Random(1).doubles((long) sizes[0] * sizes[2], -1, 1).toArray());
    return new Case(shape + " dense", sizes, new CompiledNests(level, List.of(), kernels), inputs);
  }

  private static Case sparse(String shape, double zeros, IsaLevel level) {
    int[] sizes = sizes(shape);
    Map<String, double[]> inputs = matrix(sizes, zeros);
    int steps = inputs.get("values").length / PANEL;
    int panels = inputs.get("starts").length - 1;
    Buffer x = buffer("a", DType.F32, sizes[0], sizes[2]);
    Buffer values = buffer("values", DType.F32, steps, PANEL);
    Buffer rows = buffer("rows", DType.I32, steps, PANEL);
    Buffer starts = buffer("starts", DType.I32, panels + 1);
    Buffer result = buffer("y", DType.F32, sizes[0], sizes[1]);
    Kernel kernel =
        new OpKernel(
            "product",
            new SparseMatmul(),
            new SparseMatmul.Attributes(sizes[1]),
            List.of(x, values, rows, starts),
            List.of(result),
            List.of());
    String name =
        String.format(
            Locale.ROOT,
            "%s %.0f%% zeros, %.2f places",
            shape,
            zeros * 100,
            (double) steps * PANEL / sizes[1] / sizes[2]);
    return new Case(name, sizes, new CompiledNests(level, List.of(), kernel), inputs);
  }

  private static Buffer buffer(String name, DType dtype, int... shape) {
    List<Dim> dims = java.util.Arrays.stream(shape).mapToObj(Dim::constant).toList();
    return new Buffer(name, dtype, dims);
  }

  /** A matrix whose elements are 0 by chance. */
  private static Map<String, double[]> matrix(int[] sizes, double zeros) {
    Random random = new Random(2);
    int panels = (sizes[1] + PANEL - 1) / PANEL;
    double[] starts = new double[panels + 1];
    List<List<Integer>> columns = new ArrayList<>();
    for (int panel = 0; panel < panels; panel++) {
      int steps = 0;
      for (int lane = 0; lane < PANEL; lane++) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < sizes[2] && panel * PANEL + lane < sizes[1]; row++) {
          if (random.nextDouble() >= zeros) {
            rows.add(row);
          }
        }
        columns.add(rows);
        steps = Math.max(steps, rows.size());
      }
      starts[panel + 1] = starts[panel] + steps;
    }
    double[] values = new double[((int) starts[panels]) * PANEL];
    double[] rows = new double[values.length];
    for (int column = 0; column < columns.size(); column++) {
      int place = ((int) starts[column / PANEL]) * PANEL + column % PANEL;
      for (int row : columns.get(column)) {
        values[place] = random.nextDouble();
        rows[place] = row;
        place += PANEL;
      }
    }
    double[] x = random.doubles((long) sizes[0] * sizes[2], -1, 1).toArray();
    return Map.of("a", x, "values", values, "rows", rows, "starts", starts);
  }

  /** A product. */
  private static final class Case {
    private final String name;
    private final double products;
    private final NativeFunction function;
    private final List<ByteBuffer> kept;
    private final long frame;
    private final int calls;
    private double best = Double.MAX_VALUE;

    Case(String name, int[] sizes, CompiledNests nests, Map<String, double[]> inputs) {
      this.name = name;
      this.products = (double) sizes[0] * sizes[1] * sizes[2];
      this.function = nests.function();
      this.kept = nests.buffers(Map.of(), inputs);
      int scratch = nests.scratchBytes(Map.of());
      this.frame = function.frame(1, new long[0], scratch, kept.toArray(ByteBuffer[]::new), kept);
      this.calls = (int) Math.max(1, SAMPLE / products);
    }

    void sample() {
      function.call(frame);
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        function.call(frame);
      }
      best = Math.min(best, (System.nanoTime() - start) / (double) calls);
    }

    void print(Case dense) {
      System.out.printf(
          Locale.ROOT,
          "%-38s best %8.2f us, %6.1f products/ns, %5.2f times as fast as dense%n",
          name,
          best / 1e3,
          products / best,
          dense.best / best);
    }
  }
}

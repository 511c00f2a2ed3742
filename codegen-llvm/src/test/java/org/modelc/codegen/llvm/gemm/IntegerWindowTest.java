package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Convolutions of bytes against sums in plain Java. */
class IntegerWindowTest {
  private static final long SEED = 11;

  /** Pictures, channels, rows of the kernel, height and width of the result, and of the window. */
  @ParameterizedTest
  @CsvSource({
    "2,1,5,28,28,3,3",
    "1,3,17,7,5,3,3",
    "3,8,32,14,14,3,3",
    "1,2,4,3,40,1,5",
    "2,5,33,9,33,2,2"
  })
  void sumsAreExact(
      int pictures, int channels, int rows, int height, int width, int high, int wide) {
    int[] x = {pictures, channels, height + high - 1, width + wide - 1};
    int[] kernel = {rows, channels, high, wide};
    Random random = new Random(SEED);
    double[] pixels = bytes(random, size(x));
    double[] weights = bytes(random, size(kernel));
    double[] expected = new double[pictures * rows * height * width];
    int at = 0;
    for (int n = 0; n < pictures; n++) {
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < height; i++) {
          for (int j = 0; j < width; j++) {
            expected[at++] = sum(pixels, x, weights, kernel, new int[] {n, row, i, j});
          }
        }
      }
    }
    LoopNest nest = nest(x, kernel, height, width);
    for (IsaLevel level : NativeFunction.runnable()) {
      CompiledNests nests = new CompiledNests(level, List.of(), kernels(nest, level));
      assertThat(nests.emitted.llvm()).as("%s", level).contains("windows tasks");
      boolean quads = nests.emitted.llvm().contains("TURNED_QUADS");
      assertThat(quads).as("%s", level).isEqualTo(level == IsaLevel.X86_64_V4_VNNI);
      for (int workers = 1; workers <= 3; workers++) {
        double[] found =
            nests.run(workers, Map.of(), Map.of("x", pixels, "w", weights)).get("sums");
        assertThat(found).as("%s %d workers, seed %d", level, workers, SEED).isEqualTo(expected);
      }
    }
  }

  private static int size(int[] shape) {
    return shape[0] * shape[1] * shape[2] * shape[3];
  }

  private static double[] bytes(Random random, int size) {
    return random.ints(size, -128, 128).asDoubleStream().toArray();
  }

  private static double sum(double[] pixels, int[] x, double[] weights, int[] kernel, int[] point) {
    int sum = 0;
    for (int c = 0; c < kernel[1]; c++) {
      for (int i = 0; i < kernel[2]; i++) {
        for (int j = 0; j < kernel[3]; j++) {
          int pixel = ((point[0] * x[1] + c) * x[2] + point[2] + i) * x[3] + point[3] + j;
          int weight = ((point[1] * kernel[1] + c) * kernel[2] + i) * kernel[3] + j;
          sum += ((int) pixels[pixel]) * ((int) weights[weight]);
        }
      }
    }
    return sum;
  }

  private static Kernel[] kernels(LoopNest nest, IsaLevel level) {
    List<Parameter> parameters = new ArrayList<>();
    for (Buffer read : nest.reads()) {
      boolean weight = read.name().equals("w");
      parameters.add(new Parameter(read, weight ? Role.PARAMETER : Role.INPUT, null));
    }
    nest.writes().forEach(written -> parameters.add(new Parameter(written, Role.OUTPUT, null)));
    KernelProgram program =
        new KernelProgram(
            "p",
            List.of(),
            List.of(),
            parameters,
            List.of(),
            Map.of(),
            Map.of(),
            List.of(nest),
            null);
    PackedWeights.Split split = PackedWeights.of(program, NativePlatform.host().target(level));
    if (split == null) {
      return new Kernel[] {nest};
    }
    List<Kernel> kernels = new ArrayList<>(split.packing());
    kernels.addAll(split.main().kernels());
    return kernels.toArray(Kernel[]::new);
  }

  private static LoopNest nest(int[] x, int[] kernel, int height, int width) {
    Axis n = new Axis("n", Dim.constant(x[0]));
    Axis row = new Axis("row", Dim.constant(kernel[0]));
    Axis i = new Axis("i", Dim.constant(height));
    Axis j = new Axis("j", Dim.constant(width));
    Axis c = new Axis("c", Dim.constant(kernel[1]));
    Axis high = new Axis("high", Dim.constant(kernel[2]));
    Axis wide = new Axis("wide", Dim.constant(kernel[3]));
    Buffer pixels = new Buffer("x", DType.I8, dims(x));
    Buffer weights = new Buffer("w", DType.I8, dims(kernel));
    Buffer sums = new Buffer("sums", DType.I32, dims(new int[] {x[0], kernel[0], height, width}));
    Expr pixel =
        new Expr.Load(
            pixels,
            List.of(
                n.variable(),
                c.variable(),
                i.variable().plus(high.variable()),
                j.variable().plus(wide.variable())));
    Expr weight =
        new Expr.Load(
            weights, List.of(row.variable(), c.variable(), high.variable(), wide.variable()));
    Expr body = Expr.cast(DType.I32, pixel).times(Expr.cast(DType.I32, weight));
    return new LoopNest(
        "windows",
        List.of(n, row, i, j),
        List.of(c, high, wide),
        List.of(new LoopNest.Reduction(Combiner.SUM, Expr.integer(0), body)),
        List.of(
            new LoopNest.Store(
                sums,
                List.of(n.variable(), row.variable(), i.variable(), j.variable()),
                LoopNest.reduced(0, DType.I32))),
        List.of());
  }

  private static List<Dim> dims(int[] shape) {
    List<Dim> dims = new ArrayList<>();
    for (int size : shape) {
      dims.add(Dim.constant(size));
    }
    return dims;
  }
}

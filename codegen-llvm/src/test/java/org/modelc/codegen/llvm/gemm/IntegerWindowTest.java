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
import org.modelc.ir.kernel.ScalarOp;
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
      assertThat(quads).as("%s", level).isEqualTo(level.hasDotProducts());
      for (int workers = 1; workers <= 3; workers++) {
        double[] found =
            nests.run(workers, Map.of(), Map.of("x", pixels, "w", weights)).get("sums");
        assertThat(found).as("%s %d workers, seed %d", level, workers, SEED).isEqualTo(expected);
      }
    }
  }

  /**
   * Where weights alone are integers, of eight bits or four, the convolution is that of floats: no
   * product of integers, and no loop that widens them. Pixels are whole numbers, so that sums are
   * exact.
   */
  @ParameterizedTest
  @CsvSource({"8,1", "8,2", "4,1"})
  void weightsAloneAreMadeFloatsBeforehand(int bits, int stride) {
    int[] x = {2, 6, 15, 15};
    int[] kernel = {18, 6, 3, 3};
    int places = (15 - 3) / stride + 1;
    Random random = new Random(SEED);
    double[] pixels = random.ints(size(x), -100, 100).asDoubleStream().toArray();
    int limit = 1 << (bits - 1);
    int[] weights = random.ints(size(kernel), -limit, limit).toArray();
    double[] wide = java.util.Arrays.stream(weights).asDoubleStream().toArray();
    double[] expected = new double[x[0] * kernel[0] * places * places];
    for (int at = 0; at < expected.length; at++) {
      int line = at / places;
      int picture = line / places;
      int[] point = {
        picture / kernel[0], picture % kernel[0], line % places * stride, at % places * stride
      };
      expected[at] = sum(pixels, x, wide, kernel, point);
    }
    double[] stored = bits == 8 ? wide : halves(weights, kernel);
    KernelProgram given = floats(x, kernel, places, stride, bits);
    for (IsaLevel level : NativeFunction.runnable()) {
      Kernel[] kernels = kernels(given, level);
      assertThat(kernels[kernels.length - 1].reads())
          .as("%s", level)
          .extracting(Buffer::dtype)
          .containsOnly(DType.F32);
      CompiledNests nests = new CompiledNests(level, List.of(), kernels);
      double[] found = nests.run(2, Map.of(), Map.of("x", pixels, "w", stored)).get("sums");
      assertThat(found).as("%s, seed %d", level, SEED).isEqualTo(expected);
      assertThat(nests.emitted.llvm()).as("%s", level).containsPattern("windows tasks|product");
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

  /** Two channels to a byte, the first in the low half. */
  private static double[] halves(int[] weights, int[] kernel) {
    int window = kernel[2] * kernel[3];
    double[] bytes = new double[weights.length / 2];
    for (int at = 0; at < bytes.length; at++) {
      int first = at / window * 2 * window + at % window;
      bytes[at] = (byte) (weights[first] & 0x0f | weights[first + window] << 4);
    }
    return bytes;
  }

  private static Kernel[] kernels(LoopNest nest, IsaLevel level) {
    return kernels(program(List.of(), nest), level);
  }

  private static Kernel[] kernels(KernelProgram program, IsaLevel level) {
    PackedWeights.Split split = PackedWeights.of(program, NativePlatform.host().target(level));
    if (split == null) {
      return program.kernels().toArray(Kernel[]::new);
    }
    List<Kernel> kernels = new ArrayList<>(split.packing());
    kernels.addAll(split.main().kernels());
    return kernels.toArray(Kernel[]::new);
  }

  private static KernelProgram program(List<Buffer> temporaries, LoopNest... nests) {
    List<Parameter> parameters = new ArrayList<>();
    for (LoopNest nest : nests) {
      for (Buffer read : nest.reads()) {
        Role role = read.name().equals("w") ? Role.PARAMETER : Role.INPUT;
        if (!temporaries.contains(read)) {
          parameters.add(new Parameter(read, role, null));
        }
      }
    }
    nests[nests.length - 1]
        .writes()
        .forEach(written -> parameters.add(new Parameter(written, Role.OUTPUT, null)));
    return new KernelProgram(
        "p",
        List.of(),
        List.of(),
        parameters,
        temporaries,
        Map.of(),
        Map.of(),
        List.of(nests),
        null);
  }

  /** A convolution of floats with a kernel of integers. */
  private static KernelProgram floats(int[] x, int[] kernel, int places, int stride, int bits) {
    LoopNest integers = nest(x, kernel, places, places, stride);
    Buffer weights = new Buffer("w", DType.I8, dims(kernel));
    Buffer pixels = new Buffer("x", DType.F32, dims(x));
    Buffer sums = new Buffer("sums", DType.F32, dims(new int[] {x[0], kernel[0], places, places}));
    Buffer unpacked = new Buffer("t", DType.I8, dims(kernel));
    Expr.Load pixel = load(integers, "x");
    Expr.Load weight = load(integers, "w");
    Expr stored = new Expr.Load(bits == 4 ? unpacked : weights, weight.index());
    Expr body =
        new Expr.Load(pixels, pixel.index())
            .times(Expr.cast(DType.F32, Expr.cast(DType.I32, stored)));
    LoopNest product =
        new LoopNest(
            "windows",
            integers.parallel(),
            integers.reduce(),
            List.of(new LoopNest.Reduction(Combiner.SUM, Expr.constant(DType.F32, 0), body)),
            List.of(
                new LoopNest.Store(
                    sums, integers.stores().get(0).index(), LoopNest.reduced(0, DType.F32))),
            List.of());
    return bits == 8
        ? program(List.of(), product)
        : program(List.of(unpacked), unpacking(kernel, unpacked), product);
  }

  private static Expr.Load load(LoopNest nest, String buffer) {
    List<Expr.Load> found = new ArrayList<>();
    org.modelc.ir.kernel.ExprWalk.visit(
        nest.reductions().get(0).body(),
        expr -> {
          if (expr instanceof Expr.Load load && load.buffer().name().equals(buffer)) {
            found.add(load);
          }
        });
    return found.get(0);
  }

  /** What {@code unpack_int4} is as a kernel, along the channels. */
  private static LoopNest unpacking(int[] kernel, Buffer to) {
    List<Axis> axes = new ArrayList<>();
    List<Expr> index = new ArrayList<>();
    for (int size : kernel) {
      axes.add(new Axis("u" + axes.size(), Dim.constant(size)));
      index.add(axes.get(axes.size() - 1).variable());
    }
    Buffer from =
        new Buffer("w", DType.I8, dims(new int[] {kernel[0], kernel[1] / 2, kernel[2], kernel[3]}));
    Expr channel = index.get(1);
    List<Expr> pair = new ArrayList<>(index);
    pair.set(1, Expr.apply(ScalarOp.SHIFT_RIGHT, channel, Expr.integer(1)));
    Expr half = IntegerPanels.half(new Expr.Load(from, pair), channel);
    return new LoopNest(
        "unpack",
        axes,
        List.of(),
        List.of(),
        List.of(new LoopNest.Store(to, index, half)),
        List.of());
  }

  private static LoopNest nest(int[] x, int[] kernel, int height, int width) {
    return nest(x, kernel, height, width, 1);
  }

  private static LoopNest nest(int[] x, int[] kernel, int height, int width, int stride) {
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
                i.variable().times(Expr.integer(stride)).plus(high.variable()),
                j.variable().times(Expr.integer(stride)).plus(wide.variable())));
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

package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.llvm.gemm.CompiledNests.dim;
import static org.modelc.codegen.llvm.gemm.Products.buffer;
import static org.modelc.codegen.llvm.gemm.Products.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Convolutions and their kernels' gradients, on every instruction set of the host. */
class WindowTest {
  static final double TOLERANCE = 1e-3;

  /** Batch, channels, output height and width, filters, window. */
  @ParameterizedTest
  @CsvSource({
    "2,3,7,7,5,3,3",
    "1,1,28,28,32,3,3",
    "3,2,14,14,33,3,3",
    "2,4,5,13,1,1,1",
    "1,7,1,207,13,1,5",
    "2,3,40,9,15,5,2",
    "1,33,6,6,16,3,3",
    "2,3,15,33,20,3,3",
    "1,4,40,9,19,5,2",
    "2,2,7,30,70,3,3"
  })
  void convolution(int batch, int channels, int height, int width, int filters, int h, int w) {
    agree(batch, "windows", b -> forward(new Shape(b, channels, height, width, filters, h, w)));
  }

  /** Batch, channels, output height and width, filters, window, stride. */
  @ParameterizedTest
  @CsvSource({
    "1,3,16,16,16,3,3,2",
    "3,2,14,15,33,3,3,2",
    "2,4,9,40,70,5,2,3",
    "2,17,14,28,20,1,1,2",
    "1,20,3,207,19,1,2,2",
    "3,9,5,41,16,2,2,5",
    "1,920,14,14,16,3,3,2"
  })
  void stridedConvolution(
      int batch, int channels, int height, int width, int filters, int h, int w, int stride) {
    agree(
        batch,
        "rows in lanes",
        b -> forward(new Shape(b, channels, height, width, filters, h, w, stride)));
  }

  /** Batch, channels, height and width of what comes out, filters, window, stride, padding. */
  @ParameterizedTest
  @CsvSource({
    "1,17,17,16,16,3,3,2,1",
    "2,16,15,16,16,5,4,3,0",
    "1,16,14,15,33,2,1,2,0",
    "1,16,14,14,16,4,4,4,0"
  })
  void inputGradientWithStrides(
      int batch,
      int channels,
      int height,
      int width,
      int filters,
      int h,
      int w,
      int stride,
      int padding) {
    agreeAll(
        batch,
        "rows in lanes",
        b ->
            LoweredConvolution.inputGradient(
                new Shape(b, channels, height, width, filters, h, w, stride), padding));
  }

  /** Batch, channels, output height and width, filters, window. */
  @ParameterizedTest
  @CsvSource({
    "2,3,7,7,5,3,3",
    "1,1,28,28,32,3,3",
    "3,2,14,14,33,3,3",
    "2,1,1,207,13,1,5",
    "20,2,14,14,7,3,3",
    "2,3,9,40,1,2,2",
    "3,7,7,7,33,3,3",
    "2,16,6,9,20,3,2",
    "1,30,5,5,70,2,2"
  })
  void kernelGradient(int batch, int channels, int height, int width, int filters, int h, int w) {
    agree(
        batch,
        filters == 1 ? "" : channels < 6 ? "inner products tasks" : "inner products in lanes",
        b -> kernelGradient(new Shape(b, channels, height, width, filters, h, w)));
  }

  /** Where masks cost nothing, every second element is stored without a scatter. */
  @ParameterizedTest
  @CsvSource({"2,false", "3,true"})
  void storesOfInputGradients(int stride, boolean isScattered) {
    Kernel[] nests =
        LoweredConvolution.inputGradient(new Shape(dim(2), 16, 16, 16, 16, 3, 3, stride), 1)
            .toArray(Kernel[]::new);
    String text =
        new LlvmBackend()
            .emit(
                CompiledNests.program(List.of(), nests),
                "gradient",
                TargetDescription.linux(IsaLevel.X86_64_V4))
            .llvm();
    assertThat(text.contains("llvm.masked.scatter")).isEqualTo(isScattered);
  }

  /** Batch, channels, output height and width, filters, window, stride. */
  @ParameterizedTest
  @CsvSource({
    "3,7,7,7,33,3,3,2,true",
    "2,16,6,9,20,3,2,3,false",
    "2,30,10,10,64,1,1,2,true",
    "1,9,5,40,16,1,2,2,false",
    "4,16,8,8,16,1,5,2,true"
  })
  void kernelGradientWithStrides(
      int batch,
      int channels,
      int height,
      int width,
      int filters,
      int h,
      int w,
      int stride,
      boolean channelsFirst) {
    agree(
        batch,
        "inner products in lanes",
        b ->
            kernelGradient(
                new Shape(b, channels, height, width, filters, h, w, stride), channelsFirst));
  }

  /** Channels outermost, as the gradient's graph has them: far from each other. */
  @ParameterizedTest
  @CsvSource({"3,7,7,7,33,3,3", "2,16,6,9,20,3,2", "4,30,14,14,64,3,3"})
  void kernelGradientOfTurnedPictures(
      int batch, int channels, int height, int width, int filters, int h, int w) {
    agree(
        batch,
        "inner products in lanes",
        b -> kernelGradient(new Shape(b, channels, height, width, filters, h, w), true));
  }

  static LoopNest kernelGradient(Shape shape) {
    return kernelGradient(shape, false);
  }

  static LoopNest kernelGradient(Shape shape, boolean channelsFirst) {
    Axis b = new Axis("b", shape.batch);
    Axis o = shape.axis("o", shape.filters);
    Axis y = shape.axis("y", shape.height);
    Axis x = shape.axis("x", shape.width);
    Axis c = shape.axis("c", shape.channels);
    Axis r = shape.axis("r", shape.windowHeight);
    Axis s = shape.axis("s", shape.windowWidth);
    Expr line = shape.pixel(y, r);
    Expr column = shape.pixel(x, s);
    List<Dim> pictures = shape.input().shape();
    Buffer turned =
        buffer("in", DType.F32, pictures.get(1), pictures.get(0), pictures.get(2), pictures.get(3));
    Expr pixel =
        channelsFirst
            ? load(turned, c.variable(), b.variable(), line, column)
            : load(shape.input(), b.variable(), c.variable(), line, column);
    Buffer cotangent = buffer("d", DType.F32, b.extent(), o.extent(), y.extent(), x.extent());
    Expr flowing = load(cotangent, b.variable(), o.variable(), y.variable(), x.variable());
    Buffer result = buffer("dw", DType.F32, o.extent(), c.extent(), r.extent(), s.extent());
    List<Expr> place = List.of(o.variable(), c.variable(), r.variable(), s.variable());
    return Products.sum(
        List.of(c, o, r, s),
        List.of(b, y, x),
        pixel.times(flowing),
        List.of(new LoopNest.Store(result, place, LoopNest.reduced(0, DType.F32))));
  }

  record Shape(
      Dim batch,
      int channels,
      int height,
      int width,
      int filters,
      int windowHeight,
      int windowWidth,
      int stride) {
    Shape(
        Dim batch,
        int channels,
        int height,
        int width,
        int filters,
        int windowHeight,
        int windowWidth) {
      this(batch, channels, height, width, filters, windowHeight, windowWidth, 1);
    }

    /** Where the line or column of an output is read from at a place of the window. */
    Expr pixel(Axis output, Axis place) {
      Expr first = output.variable();
      Expr from = stride == 1 ? first : first.times(Expr.integer(stride));
      return place.extent().is(1) ? from : from.plus(place.variable());
    }

    Axis axis(String name, long extent) {
      return new Axis(name, dim(extent));
    }

    Buffer input() {
      return buffer(
          "in",
          DType.F32,
          batch,
          dim(channels),
          dim((height - 1) * stride + windowHeight),
          dim((width - 1) * stride + windowWidth));
    }
  }

  /** With a bias and a relu, which is stored together with its sign. */
  static LoopNest forward(Shape shape) {
    Axis b = new Axis("b", shape.batch);
    Axis o = shape.axis("o", shape.filters);
    Axis y = shape.axis("y", shape.height);
    Axis x = shape.axis("x", shape.width);
    Axis c = shape.axis("c", shape.channels);
    Axis r = shape.axis("r", shape.windowHeight);
    Axis s = shape.axis("s", shape.windowWidth);
    Expr pixel =
        load(shape.input(), b.variable(), c.variable(), shape.pixel(y, r), shape.pixel(x, s));
    Buffer kernel = buffer("w", DType.F32, o.extent(), c.extent(), r.extent(), s.extent());
    Expr weight = load(kernel, o.variable(), c.variable(), r.variable(), s.variable());
    Expr bias = load(buffer("bias", DType.F32, o.extent()), o.variable());
    Expr sum = LoopNest.reduced(0, DType.F32).plus(bias);
    Expr zero = new Expr.Const(DType.F32, 0);
    Expr positive = Expr.apply(ScalarOp.GREATER, sum, zero);
    List<Expr> place = List.of(b.variable(), o.variable(), y.variable(), x.variable());
    Dim[] result = {b.extent(), o.extent(), y.extent(), x.extent()};
    return Products.sum(
        List.of(b, o, y, x),
        List.of(c, r, s),
        pixel.times(weight),
        List.of(
            new LoopNest.Store(
                buffer("out", DType.F32, result), place, Expr.select(positive, sum, zero)),
            new LoopNest.Store(buffer("sign", DType.BOOL, result), place, positive)));
  }

  /**
   * As the interpreter has it, on every instruction set, with a batch that is known and one that is
   * not, whatever the number of workers.
   */
  private static void agree(int batch, String template, Function<Dim, LoopNest> nest) {
    agreeAll(batch, template, b -> List.of(nest.apply(b)));
  }

  /** As above, for several nests, of which each product has the template. */
  static void agreeAll(int batch, String template, Function<Dim, List<LoopNest>> nestsOf) {
    List<CompiledNests> levels = new ArrayList<>();
    for (IsaLevel level : NativeFunction.runnable()) {
      boolean known = level.ordinal() % 2 == 0;
      List<LoopNest> nests = nestsOf.apply(known ? dim(batch) : Dim.symbol("B"));
      CompiledNests compiled =
          new CompiledNests(level, known ? List.of() : List.of("B"), nests.toArray(Kernel[]::new));
      for (int i = 0; i < nests.size(); i++) {
        boolean isProduct = !nests.get(i).reductions().isEmpty();
        assertThat(compiled.emitted.kernels().get(i).toString())
            .contains(isProduct ? template : "");
      }
      levels.add(compiled);
    }
    CompiledNests.assertAgree(levels, Map.of("B", batch), TOLERANCE);
  }
}

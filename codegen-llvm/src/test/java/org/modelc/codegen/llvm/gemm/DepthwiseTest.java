package org.modelc.codegen.llvm.gemm;

import static org.modelc.codegen.llvm.gemm.Products.buffer;
import static org.modelc.codegen.llvm.gemm.Products.load;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/**
 * Convolutions of each channel alone and their gradients, on every instruction set of the host, as
 * the interpreter has them.
 */
class DepthwiseTest {
  /** Batch, channels, height and width of what comes out, window, stride. */
  @ParameterizedTest
  @CsvSource({
    "2,3,7,7,3,3,1",
    "1,5,14,14,3,3,2",
    "3,2,9,28,5,5,1",
    "2,3,6,17,5,5,2",
    "1,4,1,40,1,3,2",
    "2,2,13,33,2,4,1",
    "3,3,4,8,7,7,2",
    "70,2,5,4,3,2,2",
    "2,3,112,112,3,3,1"
  })
  void convolution(int batch, int channels, int height, int width, int h, int w, int stride) {
    WindowTest.agreeAll(
        batch,
        "depthwise tasks",
        b ->
            List.of(
                forward(new WindowTest.Shape(b, channels, height, width, channels, h, w, stride))));
  }

  /** Batch, channels, height and width of what comes out, window, stride, padding. */
  @ParameterizedTest
  @CsvSource({"2,3,14,14,3,3,1,1", "1,5,14,15,3,3,2,1", "3,2,7,9,5,5,2,2", "2,3,8,16,3,4,3,0"})
  void inputGradient(
      int batch, int channels, int height, int width, int h, int w, int stride, int padding) {
    WindowTest.agreeAll(
        batch,
        "depthwise tasks",
        b ->
            LoweredConvolution.depthwiseInputGradient(
                new WindowTest.Shape(b, channels, height, width, channels, h, w, stride), padding));
  }

  /** Batch, channels, height and width of what comes out, window, stride. */
  @ParameterizedTest
  @CsvSource({
    "2,3,7,7,3,3,1",
    "1,5,14,14,3,3,2",
    "3,2,9,28,5,5,1",
    "2,3,6,17,5,5,2",
    "1,4,1,40,1,3,2",
    "2,2,13,33,2,4,1",
    "3,3,4,8,7,7,2",
    "70,2,5,4,3,2,2"
  })
  void kernelGradient(int batch, int channels, int height, int width, int h, int w, int stride) {
    WindowTest.agreeAll(
        batch,
        "depthwise inner products",
        b ->
            List.of(
                kernelGradient(
                    new WindowTest.Shape(b, channels, height, width, channels, h, w, stride))));
  }

  /** With a bias and a relu, which is stored together with its sign. */
  static LoopNest forward(WindowTest.Shape shape) {
    Axis b = new Axis("b", shape.batch());
    Axis c = shape.axis("c", shape.channels());
    Axis y = shape.axis("y", shape.height());
    Axis x = shape.axis("x", shape.width());
    Axis r = shape.axis("r", shape.windowHeight());
    Axis s = shape.axis("s", shape.windowWidth());
    Expr pixel =
        load(shape.input(), b.variable(), c.variable(), shape.pixel(y, r), shape.pixel(x, s));
    Buffer kernel = buffer("w", DType.F32, c.extent(), r.extent(), s.extent());
    Expr weight = load(kernel, c.variable(), r.variable(), s.variable());
    Expr bias = load(buffer("bias", DType.F32, c.extent()), c.variable());
    Expr sum = LoopNest.reduced(0, DType.F32).plus(bias);
    Expr zero = new Expr.Const(DType.F32, 0);
    Expr positive = Expr.apply(ScalarOp.GREATER, sum, zero);
    List<Expr> place = List.of(b.variable(), c.variable(), y.variable(), x.variable());
    Buffer result = buffer("out", DType.F32, b.extent(), c.extent(), y.extent(), x.extent());
    Buffer sign = buffer("sign", DType.BOOL, b.extent(), c.extent(), y.extent(), x.extent());
    return Products.sum(
        List.of(b, c, y, x),
        List.of(r, s),
        pixel.times(weight),
        List.of(
            new LoopNest.Store(result, place, Expr.select(positive, sum, zero)),
            new LoopNest.Store(sign, place, positive)));
  }

  /** The gradient of the kernel of a convolution of each channel alone. */
  static LoopNest kernelGradient(WindowTest.Shape shape) {
    Axis b = new Axis("b", shape.batch());
    Axis y = shape.axis("y", shape.height());
    Axis x = shape.axis("x", shape.width());
    Axis c = shape.axis("c", shape.channels());
    Axis r = shape.axis("r", shape.windowHeight());
    Axis s = shape.axis("s", shape.windowWidth());
    Expr pixel =
        load(shape.input(), b.variable(), c.variable(), shape.pixel(y, r), shape.pixel(x, s));
    Buffer cotangent = buffer("d", DType.F32, b.extent(), c.extent(), y.extent(), x.extent());
    Expr flowing = load(cotangent, b.variable(), c.variable(), y.variable(), x.variable());
    Buffer result = buffer("dw", DType.F32, c.extent(), r.extent(), s.extent());
    List<Expr> place = List.of(c.variable(), r.variable(), s.variable());
    return Products.sum(
        List.of(c, r, s),
        List.of(b, y, x),
        pixel.times(flowing),
        List.of(new LoopNest.Store(result, place, LoopNest.reduced(0, DType.F32))));
  }
}

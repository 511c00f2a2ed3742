package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.Stmt;
import org.modelc.ir.op.Literal;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.ops.Convolution;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** The nests of a convolution by itself. */
final class LoweredConvolution implements Lowering<Convolution.Attributes> {
  private final Convolution.Attributes attributes;
  private final List<Buffer> operands;
  private final Buffer result;
  private final List<LoopNest> nests = new ArrayList<>();
  private int names;

  private LoweredConvolution(
      Convolution.Attributes attributes, List<Buffer> operands, Buffer result) {
    this.attributes = attributes;
    this.operands = List.copyOf(operands);
    this.result = result;
  }

  /**
   * The gradient by the input of a convolution with strides: one of the gradient that flows, {@code
   * [batch, filters, height, width]}, with a kernel {@code [channels, filters, window, window]}
   * that is turned round already.
   *
   * @param shape the convolution whose gradient it is; its sizes are those of what comes out
   * @param padding zeros around its input, as many before as behind
   */
  static List<LoopNest> inputGradient(WindowTest.Shape shape, int padding) {
    int height = (shape.height() - 1) * shape.stride() + shape.windowHeight() - 2 * padding;
    int width = (shape.width() - 1) * shape.stride() + shape.windowWidth() - 2 * padding;
    List<Dim> reach =
        List.of(dim(shape.windowHeight() - 1 - padding), dim(shape.windowWidth() - 1 - padding));
    Convolution.Attributes attributes =
        new Convolution.Attributes(
            List.of(1), reach, reach, List.of(shape.stride()), List.of(1), 1);
    Dim filters = Dim.constant(shape.filters());
    Dim channels = Dim.constant(shape.channels());
    Buffer flowing = buffer("d", shape.batch(), filters, dim(shape.height()), dim(shape.width()));
    Buffer kernel =
        buffer("w", channels, filters, dim(shape.windowHeight()), dim(shape.windowWidth()));
    Buffer result = buffer("dx", shape.batch(), channels, dim(height), dim(width));
    return lowered(attributes, List.of(flowing, kernel), result);
  }

  /**
   * A convolution of each channel alone.
   *
   * @param shape its sizes are those of what comes out; filters are channels
   */
  static List<LoopNest> depthwise(WindowTest.Shape shape) {
    List<Dim> none = List.of(Dim.ZERO);
    Dim channels = Dim.constant(shape.channels());
    Buffer kernel = depthwiseKernel(shape);
    Buffer result = buffer("out", shape.batch(), channels, dim(shape.height()), dim(shape.width()));
    return lowered(
        new Convolution.Attributes(
            List.of(shape.stride()), none, none, List.of(1), List.of(1), shape.channels()),
        List.of(shape.input(), kernel),
        result);
  }

  /** The gradient by the input of a convolution of each channel alone, as of all together. */
  static List<LoopNest> depthwiseInputGradient(WindowTest.Shape shape, int padding) {
    int height = (shape.height() - 1) * shape.stride() + shape.windowHeight() - 2 * padding;
    int width = (shape.width() - 1) * shape.stride() + shape.windowWidth() - 2 * padding;
    List<Dim> reach =
        List.of(dim(shape.windowHeight() - 1 - padding), dim(shape.windowWidth() - 1 - padding));
    Dim channels = Dim.constant(shape.channels());
    Buffer flowing = buffer("d", shape.batch(), channels, dim(shape.height()), dim(shape.width()));
    return lowered(
        new Convolution.Attributes(
            List.of(1), reach, reach, List.of(shape.stride()), List.of(1), shape.channels()),
        List.of(flowing, depthwiseKernel(shape)),
        buffer("dx", shape.batch(), channels, dim(height), dim(width)));
  }

  private static Buffer depthwiseKernel(WindowTest.Shape shape) {
    Dim channels = Dim.constant(shape.channels());
    return buffer("w", channels, Dim.ONE, dim(shape.windowHeight()), dim(shape.windowWidth()));
  }

  private static List<LoopNest> lowered(
      Convolution.Attributes attributes, List<Buffer> operands, Buffer result) {
    LoweredConvolution lowering = new LoweredConvolution(attributes, operands, result);
    new Convolution().lower(lowering);
    return lowering.nests;
  }

  private static Dim dim(int size) {
    return Dim.constant(size);
  }

  private static Buffer buffer(String name, Dim... shape) {
    return Products.buffer(name, DType.F32, shape);
  }

  @Override
  public Convolution.Attributes attributes() {
    return attributes;
  }

  @Override
  public List<Buffer> operands() {
    return operands;
  }

  @Override
  public List<Buffer> results() {
    return List.of(result);
  }

  @Override
  public List<Axis> axes(List<Dim> shape) {
    return shape.stream().map(extent -> new Axis("i" + names++, extent)).toList();
  }

  @Override
  public Buffer temporary(DType dtype, List<Dim> shape) {
    return new Buffer("padded", dtype, shape);
  }

  @Override
  public void elementwise(List<Axis> parallel, Buffer target, List<Expr> index, Expr value) {
    nest(parallel, List.of(), List.of(), List.of(new LoopNest.Store(target, index, value)));
  }

  @Override
  public void nest(
      List<Axis> parallel,
      List<Axis> reduce,
      List<LoopNest.Reduction> reductions,
      List<LoopNest.Store> stores) {
    String name = "convolution" + nests.size();
    nests.add(new LoopNest(name, parallel, reduce, reductions, stores, List.of()));
  }

  @Override
  public void statements(Stmt body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void alias(Buffer alias, Buffer operand) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void literal(Buffer constant, Literal data) {
    throw new UnsupportedOperationException();
  }
}

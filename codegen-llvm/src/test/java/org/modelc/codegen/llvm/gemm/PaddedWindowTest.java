package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.llvm.gemm.CompiledNests.dim;
import static org.modelc.codegen.llvm.gemm.Products.inputs;
import static org.modelc.codegen.llvm.gemm.Products.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Convolutions of pictures that another kernel pads: what it added is not multiplied. */
class PaddedWindowTest {
  private static final int MANY_REGISTERS = 32;

  /** Batch, channels, output height and width, filters, window, what is added before, stride. */
  @ParameterizedTest
  @CsvSource({
    "2,7,14,14,33,3,3,1,1,1",
    "1,2,15,20,20,3,3,0,1,1",
    "1,6,16,13,17,5,5,2,2,1",
    "1,2,14,14,16,5,2,3,0,1",
    "1,6,7,30,17,2,3,1,1,1",
    "2,7,14,14,33,3,3,1,1,2",
    "1,6,16,14,17,5,5,2,2,2",
    "1,8,14,14,16,5,4,3,2,3"
  })
  void agreesWithTheInterpreter(
      int batch,
      int channels,
      int height,
      int width,
      int filters,
      int h,
      int w,
      int y,
      int x,
      int stride) {
    for (boolean isGradient : new boolean[] {false, true}) {
      List<CompiledNests> levels = new ArrayList<>();
      for (IsaLevel level : NativeFunction.runnable()) {
        boolean known = !isGradient || level.ordinal() % 2 == 0;
        WindowTest.Shape shape =
            new WindowTest.Shape(
                known ? dim(batch) : Dim.symbol("B"),
                channels,
                height,
                width,
                filters,
                h,
                w,
                stride);
        levels.add(
            new CompiledNests(
                level,
                known ? List.of() : List.of("B"),
                pad(shape.input(), y, x, 0),
                isGradient ? WindowTest.kernelGradient(shape) : WindowTest.forward(shape)));
      }
      CompiledNests.assertAgree(levels, Map.of("B", batch), WindowTest.TOLERANCE);
    }
  }

  /** Zero times infinity is no number, which a relu takes for zero. */
  @ParameterizedTest
  @CsvSource({"true,1", "false,1", "true,2", "false,2"})
  void doesNotMultiplyWhatWasAdded(boolean isGradient, int stride) {
    WindowTest.Shape shape = new WindowTest.Shape(dim(2), 8, 14, 14, 32, 3, 3, stride);
    LoopNest window = isGradient ? WindowTest.kernelGradient(shape) : WindowTest.forward(shape);
    int extent = isGradient ? 14 : 3;
    int extentOfResult = isGradient ? 3 : 14;
    for (IsaLevel level : NativeFunction.runnable()) {
      CompiledNests nests =
          new CompiledNests(level, List.of(), pad(shape.input(), 1, 1, 0), window);
      Map<String, double[]> inputs = inputs(nests.program, Map.of());
      inputs.values().forEach(values -> Arrays.fill(values, 1));
      boolean columns = isGradient || level.registers() >= MANY_REGISTERS;
      double[] factor = inputs.get(isGradient ? "d" : "w");
      for (int i = 0; i < factor.length; i++) {
        boolean isFirst = i % (extent * extent) < extent;
        // A tile of fewer registers is a part of a line, which has no kernel of its own.
        boolean isInfinite = columns ? isFirst : isFirst && i % extent == 1;
        factor[i] = isInfinite ? Double.POSITIVE_INFINITY : 1;
      }
      double[] result = nests.run(1, Map.of(), inputs).get(isGradient ? "dw" : "out");
      for (int i = 0; i < result.length; i++) {
        boolean isFirst = i % (extentOfResult * extentOfResult) < extentOfResult;
        assertThat(result[i]).as("element " + i).isPositive();
        assertThat(Double.isFinite(result[i])).as("element " + i).isEqualTo(isFirst);
      }
    }
  }

  /** Elements that another number is added around, or that are written again, are not zero. */
  @ParameterizedTest
  @CsvSource({"1,false", "0,true"})
  void readsWhatIsNotZero(double added, boolean isWrittenAgain) {
    WindowTest.Shape shape = new WindowTest.Shape(dim(1), 6, 14, 14, 17, 3, 3);
    for (LoopNest window : List.of(WindowTest.forward(shape), WindowTest.kernelGradient(shape))) {
      List<Kernel> kernels = new ArrayList<>(List.of(pad(shape.input(), 1, 1, added)));
      if (isWrittenAgain) {
        kernels.add(firstLines(shape.input()));
      }
      kernels.add(window);
      CompiledNests.assertAgree(
          CompiledNests.ofAllLevels(List.of(), kernels.toArray(Kernel[]::new)),
          Map.of(),
          WindowTest.TOLERANCE);
    }
  }

  /** Pictures with some lines and columns before them, and one behind them. */
  static LoopNest pad(Buffer pictures, int above, int before, double added) {
    List<Axis> axes = axes(pictures);
    long height = pictures.shape().get(2).value() - above - 1;
    long width = pictures.shape().get(3).value() - before - 1;
    List<Dim> shape =
        List.of(pictures.shape().get(0), pictures.shape().get(1), dim(height), dim(width));
    Buffer small = new Buffer("small", DType.F32, shape);
    Expr y = axes.get(2).variable().minus(Expr.integer(above));
    Expr x = axes.get(3).variable().minus(Expr.integer(before));
    Expr inside =
        Expr.apply(
            ScalarOp.AND,
            Expr.apply(ScalarOp.AND, atLeastZero(y), below(y, height)),
            Expr.apply(ScalarOp.AND, atLeastZero(x), below(x, width)));
    Expr element = load(small, axes.get(0).variable(), axes.get(1).variable(), y, x);
    Expr value = Expr.select(inside, element, new Expr.Const(DType.F32, added));
    return nest("pad", axes, pictures, indices(axes), value);
  }

  private static LoopNest firstLines(Buffer pictures) {
    List<Axis> axes = axes(pictures);
    axes.remove(2);
    List<Expr> place = indices(axes);
    place.add(2, Expr.integer(0));
    return nest("again", axes, pictures, place, new Expr.Const(DType.F32, 2));
  }

  private static LoopNest nest(
      String name, List<Axis> axes, Buffer buffer, List<Expr> place, Expr value) {
    LoopNest.Store store = new LoopNest.Store(buffer, place, value);
    return new LoopNest(name, axes, List.of(), List.of(), List.of(store), List.of());
  }

  private static List<Axis> axes(Buffer buffer) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < buffer.rank(); i++) {
      axes.add(new Axis("p" + i, buffer.shape().get(i)));
    }
    return axes;
  }

  private static List<Expr> indices(List<Axis> axes) {
    List<Expr> indices = new ArrayList<>();
    axes.forEach(axis -> indices.add(axis.variable()));
    return indices;
  }

  private static Expr atLeastZero(Expr index) {
    return Expr.apply(ScalarOp.GREATER_EQUAL, index, Expr.integer(0));
  }

  private static Expr below(Expr index, long end) {
    return Expr.apply(ScalarOp.LESS, index, Expr.integer(end));
  }
}

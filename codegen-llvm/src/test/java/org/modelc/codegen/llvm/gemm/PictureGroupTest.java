package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.llvm.gemm.Products.buffer;
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

/**
 * A convolution of few steps and the pool behind it, which run in turn, picture by picture, where
 * what is between them is nobody else's.
 */
class PictureGroupTest {
  private static final int FILTERS = 4;

  /** Whether another kernel reads the pictures between, too: as they are, or in another shape. */
  private enum Reader {
    NONE,
    OF_PICTURES,
    OF_ELEMENTS
  }

  /** Batch, height and width, and who else reads. */
  @ParameterizedTest
  @CsvSource({
    "1,6,8,NONE",
    "5,28,28,NONE",
    "33,6,4,NONE",
    "5,28,28,OF_PICTURES",
    "5,28,28,OF_ELEMENTS",
    "3,7,10,NONE"
  })
  void runsInTurn(int batch, int height, int width, Reader reader) {
    for (IsaLevel level : NativeFunction.runnable()) {
      Dim pictures = Dim.symbol("B");
      LoopNest convolution =
          WindowTest.forward(new WindowTest.Shape(pictures, 1, height, width, FILTERS, 3, 3));
      CompiledNests nests = compiled(level, convolution, reader);
      // The interpreter knows each buffer in one shape.
      CompiledNests plain =
          reader == Reader.NONE ? nests : compiled(level, convolution, Reader.OF_PICTURES);
      boolean inTurn = reader == Reader.NONE;
      assertThat(nests.emitted.kernels().toString().contains("of 2 kernels in turn"))
          .isEqualTo(inTurn);
      Map<String, Integer> dims = Map.of("B", batch);
      Map<String, double[]> inputs = inputs(nests.program, dims);
      Map<String, double[]> found =
          nests.assertAgrees(dims, inputs, plain.interpreted(dims, inputs), WindowTest.TOLERANCE);
      boolean isUntouched = Arrays.stream(found.get("arena")).allMatch(b -> b == 0);
      assertThat(isUntouched).as("kept by the worker").isEqualTo(inTurn);
    }
  }

  private static CompiledNests compiled(IsaLevel level, LoopNest convolution, Reader reader) {
    Buffer between = convolution.stores().get(0).buffer();
    List<Kernel> kernels = new ArrayList<>(List.of(convolution, pool(between)));
    if (reader != Reader.NONE) {
      kernels.add(total(between, reader == Reader.OF_ELEMENTS));
    }
    return new CompiledNests(level, List.of("B"), List.of(between), kernels.toArray(Kernel[]::new));
  }

  /** The larger of every two elements of a line. */
  private static LoopNest pool(Buffer pictures) {
    List<Axis> axes = new ArrayList<>();
    List<Dim> shape = new ArrayList<>(pictures.shape());
    shape.set(3, Dim.constant(shape.get(3).value() / 2));
    for (int i = 0; i < shape.size(); i++) {
      axes.add(new Axis("p" + i, shape.get(i)));
    }
    List<Expr> index = axes.stream().map(axis -> (Expr) axis.variable()).toList();
    Expr first = index.get(3).times(Expr.integer(2));
    Expr one = load(pictures, index.get(0), index.get(1), index.get(2), first);
    Expr other =
        load(pictures, index.get(0), index.get(1), index.get(2), first.plus(Expr.integer(1)));
    Buffer pooled = new Buffer("pooled", DType.F32, shape);
    Expr larger = Expr.apply(ScalarOp.MAXIMUM, one, other);
    return new LoopNest(
        "pool",
        axes,
        List.of(),
        List.of(),
        List.of(new LoopNest.Store(pooled, index, larger)),
        List.of());
  }

  /** The sum of all pictures, an element of the first filter's. */
  private static LoopNest total(Buffer pictures, boolean isFlat) {
    Axis picture = new Axis("b", pictures.shape().get(0));
    Axis y = new Axis("y", pictures.shape().get(2));
    Axis x = new Axis("x", pictures.shape().get(3));
    Expr element = load(pictures, picture.variable(), Expr.integer(0), y.variable(), x.variable());
    if (isFlat) {
      Buffer flat = new Buffer(pictures.name(), DType.F32, List.of(pictures.size()));
      Dim pictureSize = Dim.product(pictures.shape().subList(1, 4));
      Expr line = y.variable().times(Expr.size(x.extent()));
      Expr first = picture.variable().times(Expr.size(pictureSize));
      element = load(flat, first.plus(line).plus(x.variable()));
    }
    Buffer sum = buffer("sum", DType.F32, y.extent(), x.extent());
    List<Expr> place = List.of(y.variable(), x.variable());
    LoopNest.Store store = new LoopNest.Store(sum, place, LoopNest.reduced(0, DType.F32));
    LoopNest nest = Products.sum(List.of(y, x), List.of(picture), element, List.of(store));
    return new LoopNest(
        "total", nest.parallel(), nest.reduce(), nest.reductions(), nest.stores(), List.of());
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;

/**
 * Prints how near convolutions and their kernels' gradients come to the machine's peak.
 *
 * <p>Run it from the tests' class path: {@code WindowBenchmark [level] [shape…]}, shapes as {@code
 * batch x channels x height x width x filters x window}, height and width of what comes out, with
 * {@code x stride} behind them or none, with {@code g} for the kernel's gradient, {@code t} for
 * that of pictures whose channels are outermost, {@code i} for the input's gradient, {@code d}
 * where each channel is convolved alone, {@code p} with the picture's padding before it.
 */
public final class WindowBenchmark {
  private static final String[] SHAPES = {
    "64x32x14x14x64x3",
    "64x32x14x14x64x3g",
    "64x1x28x28x32x3",
    "64x1x28x28x32x3g",
    "1x32x14x14x64x3",
    "16x64x28x28x128x3x2",
    "16x64x28x28x128x3x2g",
    "16x64x28x28x128x3x2i"
  };

  private WindowBenchmark() {}

  public static void main(String[] arguments) {
    IsaLevel level = arguments.length > 0 ? IsaLevel.valueOf(arguments[0]) : NativeFunction.best();
    String[] shapes = arguments.length > 1 ? arguments[1].split(",") : SHAPES;
    List<TimedKernel> kernels = new ArrayList<>();
    for (String shape : shapes) {
      kernels.add(kernel(shape, level));
    }
    TimedKernel.print(kernels, level);
  }

  private static TimedKernel kernel(String name, IsaLevel level) {
    String[] text = name.replaceAll("[gtidp]", "").split("x");
    int[] sizes = new int[text.length];
    double operations = 2;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Integer.parseInt(text[i]);
      operations *= i < 6 && (i != 4 || !name.contains("d")) ? sizes[i] : 1;
    }
    operations *= sizes[5];
    WindowTest.Shape shape =
        new WindowTest.Shape(
            CompiledNests.dim(sizes[0]),
            sizes[1],
            sizes[2],
            sizes[3],
            sizes[4],
            sizes[5],
            sizes[5],
            sizes.length > 6 ? sizes[6] : 1);
    if (name.contains("i")) {
      int padding = shape.stride() < sizes[5] ? sizes[5] / 2 : 0;
      List<LoopNest> nests =
          name.contains("d")
              ? LoweredConvolution.depthwiseInputGradient(shape, padding)
              : LoweredConvolution.inputGradient(shape, padding);
      return new TimedKernel(name, operations, level, nests.toArray(Kernel[]::new));
    }
    if (name.contains("d") && name.contains("g")) {
      return new TimedKernel(name, operations, level, DepthwiseTest.kernelGradient(shape));
    }
    if (name.contains("d")) {
      return new TimedKernel(
          name, operations, level, LoweredConvolution.depthwise(shape).toArray(Kernel[]::new));
    }
    LoopNest nest =
        name.contains("g")
            ? WindowTest.kernelGradient(shape, name.contains("t"))
            : WindowTest.forward(shape);
    if (name.contains("p")) {
      LoopNest pad = PaddedWindowTest.pad(shape.input(), sizes[5] / 2, sizes[5] / 2, 0);
      return new TimedKernel(name, operations, level, pad, nest);
    }
    return new TimedKernel(name, operations, level, nest);
  }
}

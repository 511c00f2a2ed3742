package org.modelc.codegen.llvm.attention;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.gemm.TimedKernel;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.ops.ScaledDotProductAttention;
import org.modelc.ir.ops.ScaledDotProductAttention.Attributes;
import org.modelc.ir.ops.ScaledDotProductAttentionGradient;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Prints how near attention and its gradient come to the machine's peak, exponentials not counted
 * as work: percent of what a loop of multiply-adds reaches beside it, in CPU time of the thread.
 *
 * <p>Run it from the tests' class path: {@code AttentionBenchmark [level] [shape…]}, shapes as
 * {@code batch x queries x keys x heads x size}, with {@code c} for causal and {@code g} for the
 * gradient.
 */
public final class AttentionBenchmark {
  private static final String[] SHAPES = {
    "1x32x32x12x32", "1x128x128x12x32", "16x128x128x8x32c", "16x128x128x8x32cg", "1x512x512x8x64"
  };

  private AttentionBenchmark() {}

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
    boolean gradient = name.contains("g");
    boolean causal = name.contains("c");
    String[] sizes = name.replaceAll("[gc]", "").split("x");
    int batch = Integer.parseInt(sizes[0]);
    int queries = Integer.parseInt(sizes[1]);
    int keys = Integer.parseInt(sizes[2]);
    int heads = Integer.parseInt(sizes[3]);
    int features = heads * Integer.parseInt(sizes[4]);
    List<Buffer> operands = new ArrayList<>();
    operands.add(buffer("q", batch, queries, features));
    operands.add(buffer("k", batch, keys, features));
    operands.add(buffer("v", batch, keys, features));
    List<Buffer> results = new ArrayList<>();
    if (gradient) {
      operands.forEach(x -> results.add(new Buffer("d" + x, DType.F32, x.shape())));
      operands.add(buffer("cotangent", batch, queries, features));
    } else {
      results.add(buffer("result", batch, queries, features));
    }
    OpKernel kernel =
        new OpKernel(
            "attention",
            gradient ? new ScaledDotProductAttentionGradient() : new ScaledDotProductAttention(),
            new Attributes(heads, causal, 0),
            operands,
            results,
            List.of());
    double products = gradient ? 5 : 2;
    double seen = causal ? 0.5 : 1;
    return new TimedKernel(
        name, 2 * products * batch * queries * keys * features * seen, level, kernel);
  }

  private static Buffer buffer(String name, int batch, int rows, int features) {
    return new Buffer(
        name, DType.F32, List.of(Dim.constant(batch), Dim.constant(rows), Dim.constant(features)));
  }
}

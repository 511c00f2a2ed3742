package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.TaskGrid;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.LoopNest;

/**
 * Convolutions of each channel alone, and the gradients of their kernels: columns of a picture in
 * lanes, some lines at a time.
 */
public final class DepthwiseTemplate implements Template {
  /** Whether a nest is such a convolution. */
  static boolean takes(LoopNest nest) {
    return DepthwiseRun.of(nest) != null || DepthwiseGradient.of(nest, 1) != null;
  }

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    DepthwiseRun run = DepthwiseRun.of(nest);
    KernelFunction function = program.function();
    if (run == null) {
      long sums = DepthwiseGradientWriter.mostSums(function);
      DepthwiseGradient gradient = DepthwiseGradient.of(nest, sums);
      return gradient == null ? null : List.of(phase(nest, gradient, function, program));
    }
    DepthwiseWriter writer = new DepthwiseWriter(run, function);
    writer.write();
    List<String> schedule =
        List.of(
            "depthwise tasks" + run.outer(),
            "lines by " + writer.rows() + ", lanes[" + run.last() + " by " + writer.lanes() + "]",
            "inner" + run.product().nest().reduce());
    return List.of(
        TaskGrid.phase(nest, function, writer.tasks(), run.product().work(), schedule, program));
  }

  private static Phase phase(
      LoopNest nest, DepthwiseGradient gradient, KernelFunction function, ProgramWriter program) {
    DepthwiseGradientWriter writer = new DepthwiseGradientWriter(gradient, function);
    writer.write();
    List<String> schedule =
        List.of(
            "depthwise inner products tasks" + gradient.outer(),
            "joined lanes[" + gradient.last() + " by " + writer.lanes() + "]",
            "window" + gradient.window(),
            "inner" + gradient.product().nest().reduce());
    return TaskGrid.phase(
        nest, function, writer.tasks(), gradient.product().work(), schedule, program);
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.RangeKernel;
import org.modelc.codegen.llvm.emit.TaskCount;
import org.modelc.codegen.llvm.emit.TaskGrid;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * Convolutions without copies of the input (Zhang, Franchetti and Low, High Performance Zero-Memory
 * Overhead Direct Convolutions, 2018): filters stand in the lanes of vectors, or vectors run along
 * the input's lines, whose windows overlap, and the kernel's elements are spread over them. Windows
 * with strides are computed in the first way alone.
 */
public final class WindowTemplate implements Template {
  /** Whether a nest is such a convolution. */
  static boolean takes(LoopNest nest) {
    return best(nest) != null;
  }

  private static SlidingRun best(LoopNest nest) {
    SlidingRun best = null;
    for (WindowProduct reading : WindowProduct.readings(CollapsedNest.of(nest))) {
      SlidingRun run = SlidingRun.of(reading);
      boolean isTaken = run != null && (run.isDense() || LaneWindowWriter.takesStrided(run));
      if (isTaken && (best == null || run.longest() > best.longest())) {
        best = run;
      }
    }
    return best;
  }

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    SlidingRun best = best(nest);
    return best == null
        ? null
        : List.of(TaskGrid.phase(kernel(nest, best, program, null), program));
  }

  @Override
  public RangeKernel rows(LoopNest nest, ProgramWriter program) {
    SlidingRun best = best(nest);
    boolean isPicture =
        best != null && !isInLanes(best, program) && best.isPicture(best.product().nest());
    return isPicture
        ? kernel(nest, best.shorter(), program, nest.parallel().get(0).extent())
        : null;
  }

  /** Whether the kernel is turned round first, which would be dear for each picture. */
  private static boolean isInLanes(SlidingRun run, ProgramWriter program) {
    return !run.isDense() || LaneWindowWriter.takes(run, program.target());
  }

  private static RangeKernel kernel(
      LoopNest nest, SlidingRun run, ProgramWriter program, Dim leading) {
    KernelFunction function = program.function();
    boolean inLanes = isInLanes(run, program);
    if (inLanes) {
      new LaneWindowWriter(run, function, program.margins()).write();
    } else {
      new WindowWriter(run, function).write();
    }
    WindowProduct product = run.product();
    List<String> schedule =
        List.of(
            "windows tasks" + run.outer() + (inLanes ? ", rows in lanes" : ""),
            "lines of " + run.last() + " joined by " + run.block(),
            "rows" + product.rows(),
            "inner" + product.nest().reduce());
    List<String> comment = ProgramWriter.comment(nest, schedule);
    return new RangeKernel(
        comment,
        function.finish(nest.name(), comment),
        new TaskCount(run.outerCount(), run.lineCount(), run.block(), 1),
        product.work(),
        program.places(nest.reads()),
        program.places(nest.writes()),
        leading);
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.TaskCount;
import org.modelc.codegen.llvm.emit.TaskGrid;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;

/**
 * Convolutions of bytes, as products of the kernel with windows of the padded picture, which are
 * packed line by line (implicit GEMM).
 */
public final class IntegerWindowTemplate implements Template {
  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    if (nest.reductions().size() != 1) {
      return null;
    }
    IntegerWindow window = IntegerWindow.of(CollapsedNest.of(nest), program.target());
    if (window == null) {
      return null;
    }
    KernelFunction function = program.function();
    new IntegerWindowWriter(window, function).write();
    SlidingRun run = window.run();
    List<String> schedule =
        List.of(
            "integers by " + window.tile().arithmetic() + " windows tasks" + run.outer(),
            "lines of " + run.last() + " joined by " + run.block(),
            "rows" + run.product().rows(),
            "inner" + run.product().nest().reduce());
    TaskCount tasks = new TaskCount(run.outerCount(), run.lineCount(), run.block(), 1);
    return List.of(TaskGrid.phase(nest, function, tasks, run.product().work(), schedule, program));
  }
}

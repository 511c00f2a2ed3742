package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.TaskCount;
import org.modelc.codegen.llvm.emit.TaskGrid;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;

/** Gradients of convolutions' kernels: long sums for the few places of a window. */
public final class InnerProductTemplate implements Template {
  /**
   * Whether a nest is such a gradient at every level: those with strides are not, because one level
   * may take what another does not, and whether weights are packed must not depend on levels.
   */
  static boolean takes(LoopNest nest, TargetDescription target) {
    return WindowProduct.readings(CollapsedNest.of(nest)).stream()
        .map(reading -> InnerProduct.of(reading, target))
        .anyMatch(inner -> inner != null && inner.isDense());
  }

  private static InnerProduct reading(LoopNest nest, TargetDescription target) {
    for (WindowProduct reading : WindowProduct.readings(CollapsedNest.of(nest))) {
      InnerProduct inner = InnerProduct.of(reading, target);
      if (inner != null) {
        return inner;
      }
    }
    return null;
  }

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    InnerProduct inner = reading(nest, program.target());
    return inner == null ? null : List.of(phase(nest, inner, program.function(), program));
  }

  private static Phase phase(
      LoopNest nest, InnerProduct inner, KernelFunction function, ProgramWriter program) {
    WindowProduct product = inner.product();
    LaneProduct lanes = LaneProduct.of(inner, program.target());
    if (lanes != null) {
      new LaneProductWriter(lanes, function, program.margins()).write();
      List<String> schedule =
          List.of(
              "inner products in lanes, tasks[" + inner.row() + "/" + lanes.tile().columns() + "]",
              "rows[" + lanes.channel() + "] by " + lanes.tile().rows(),
              "window" + inner.window(),
              "inner" + product.nest().reduce());
      TaskCount tasks = TaskCount.of(lanes.tasks());
      return TaskGrid.phase(nest, function, tasks, product.work(), schedule, program);
    }
    new InnerProductWriter(inner, function).write();
    List<String> schedule =
        List.of(
            "inner products tasks" + inner.outer(),
            "rows[" + inner.row() + "] by " + inner.rows(),
            "window" + inner.window(),
            "inner" + product.nest().reduce());
    TaskCount tasks = new TaskCount(inner.outerCount(), inner.row().extent(), inner.rows(), 1);
    return TaskGrid.phase(nest, function, tasks, product.work(), schedule, program);
  }
}

package org.modelc.codegen.jvm;

import java.util.List;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.StatementKernel;

/**
 * Chooses how each kernel runs: by a template where its accesses fit one, else as scheduled loops.
 */
final class SchedulePolicy {
  private final KernelWriter writer;

  SchedulePolicy(KernelWriter writer) {
    this.writer = writer;
  }

  List<Phase> phases(Kernel kernel) {
    if (kernel instanceof LoopNest nest) {
      return phases(nest);
    }
    return writer.phases((StatementKernel) kernel);
  }

  private List<Phase> phases(LoopNest nest) {
    Contraction product = Contraction.of(nest);
    return product == null
        ? writer.phases(NestSchedule.of(nest), NestSchedule.variables(nest))
        : List.of(ContractionTemplate.phase(product, writer));
  }
}

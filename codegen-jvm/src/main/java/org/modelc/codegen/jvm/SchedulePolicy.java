package org.modelc.codegen.jvm;

import java.util.List;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.kernel.StatementKernel;

/**
 * Chooses how each kernel runs: by a template where its accesses fit one, else as scheduled loops.
 */
final class SchedulePolicy implements Kernel.Visitor<List<Phase>> {
  private final KernelWriter writer;

  SchedulePolicy(KernelWriter writer) {
    this.writer = writer;
  }

  List<Phase> phases(Kernel kernel) {
    return kernel.accept(this);
  }

  @Override
  public List<Phase> statements(StatementKernel kernel) {
    return writer.phases(kernel);
  }

  @Override
  public List<Phase> op(OpKernel kernel) {
    throw new IllegalStateException("bytecode has no template for " + kernel.op().name());
  }

  @Override
  public List<Phase> nest(LoopNest nest) {
    Contraction product = Contraction.of(nest);
    if (product == null) {
      return writer.phases(NestSchedule.of(nest, writer::sameArray), NestSchedule.variables(nest));
    }
    return List.of(
        InnerTemplate.fits(product)
            ? InnerTemplate.phase(product, writer)
            : ContractionTemplate.phase(product, writer));
  }
}

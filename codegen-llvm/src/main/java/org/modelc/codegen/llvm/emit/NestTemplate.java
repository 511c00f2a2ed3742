package org.modelc.codegen.llvm.emit;

import java.util.List;
import org.modelc.ir.kernel.LoopNest;

/**
 * A way to run nests of one kind better than loops over their points: the matrix product, the
 * convolution.
 */
public interface NestTemplate {
  /**
   * The phases that compute the nest, in order; null if this is no nest of the template's kind.
   *
   * <p>A phase's function comes from {@link ProgramWriter#function()}; its first and second number
   * are the worker and the number of workers. What a worker does may not depend on their number in
   * any bit: tasks are cut by shapes alone.
   */
  List<Phase> phases(LoopNest nest, ProgramWriter program);
}

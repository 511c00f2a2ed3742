package org.modelc.codegen.llvm.emit;

import java.util.List;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;

/**
 * A way to run kernels of one kind better than loops over their points: the matrix product, the
 * convolution, attention.
 *
 * <p>A phase's function comes from {@link ProgramWriter#function()}; its first and second number
 * are the worker and the number of workers. What a worker does may not depend on their number in
 * any bit: tasks are cut by shapes alone.
 */
public interface Template {
  /**
   * The phases that compute the nest, in order; null if this is no nest of the template's kind.
   *
   * @param nest with a reduction: loops over points serve the others
   */
  default List<Phase> phases(LoopNest nest, ProgramWriter program) {
    return null;
  }

  /**
   * The kernel that computes the nest, if each of its tasks is one element of the nest's first
   * axis: then nests that need no more than that element of each other can run in turn. Else null.
   */
  default RangeKernel rows(LoopNest nest, ProgramWriter program) {
    return null;
  }

  /** The phases of a composite that the backend claims whole; null if it is another one. */
  default List<Phase> phases(OpKernel kernel, ProgramWriter program) {
    return null;
  }
}

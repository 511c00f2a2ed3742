package org.modelc.codegen.cuda.emit;

import java.util.List;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;

/**
 * A way to run kernels of one kind better than threads over their points: the matrix product, the
 * convolution, attention.
 *
 * <p>Bits may not depend on the device: grids and orders of joining are cut by shapes alone, and no
 * float is added atomically.
 */
public interface Template {
  /** The phases that compute the nest, in order; null if this is no nest of the template's kind. */
  default List<Phase> phases(LoopNest nest, ProgramWriter program) {
    return null;
  }

  /** Whether {@link #phases(LoopNest, ProgramWriter)} would take a nest. */
  default boolean takes(LoopNest nest) {
    return false;
  }

  /** The phases of a composite that the backend claims whole; null if it is another one. */
  default List<Phase> phases(OpKernel kernel, ProgramWriter program) {
    return null;
  }
}

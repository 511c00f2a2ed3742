package org.modelc.passes;

import org.modelc.ir.kernel.KernelProgram;

/** A pass from kernels to kernels. */
public interface KernelPass extends Pass {
  /** The new program; the same object if there was nothing to do. */
  KernelProgram run(KernelProgram program, Target target);
}

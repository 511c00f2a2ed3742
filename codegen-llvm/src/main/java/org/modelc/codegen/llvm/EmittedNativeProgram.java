package org.modelc.codegen.llvm;

import java.util.List;
import java.util.Optional;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A program as LLVM IR.
 *
 * @param abi how to call it; its last buffer is the arena
 * @param constants for each ABI buffer of role CONSTANT that came from the program's constant pool
 * @param module the module's text
 * @param scratchBytes the memory that each worker needs for itself
 * @param kernels what runs one after another
 */
public record EmittedNativeProgram(
    ProgramAbi abi,
    List<PooledConstant> constants,
    ModuleText module,
    Dim scratchBytes,
    List<Phase> kernels) {
  public EmittedNativeProgram {
    constants = List.copyOf(constants);
    kernels = List.copyOf(kernels);
  }

  /** The module as LLVM IR. */
  public String llvm() {
    return module.whole();
  }

  /**
   * A kernel, several that run as one, or one step of a kernel.
   *
   * @param name its function's
   * @param schedule origin and schedule, for the reader
   * @param multiplyAdds points of the kernels' iteration spaces; 0 for all steps but the first
   * @param bytes distinct bytes that the kernels read and write; 0 for all steps but the first
   * @param product how the matrix product runs that it is, if it is one
   */
  public record Phase(
      String name,
      String schedule,
      Dim multiplyAdds,
      Dim bytes,
      Optional<ScheduledProduct> product) {}
}

package org.modelc.codegen.llvm;

import java.util.List;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A program as LLVM IR.
 *
 * @param abi how to call it; its last buffer is the arena
 * @param constants for each ABI buffer of role CONSTANT that came from the program's constant pool:
 *     its name and elements
 * @param llvm the module's text
 * @param scratchBytes the memory that each worker needs for itself
 * @param kernels the schedule of every kernel, for the reader
 */
public record EmittedNativeProgram(
    ProgramAbi abi,
    List<PooledConstant> constants,
    String llvm,
    Dim scratchBytes,
    List<String> kernels) {
  public EmittedNativeProgram {
    constants = List.copyOf(constants);
    kernels = List.copyOf(kernels);
  }

  /** Elements of a constant: one for all, or as many as the buffer has. */
  public record PooledConstant(String buffer, double[] elements) {}
}

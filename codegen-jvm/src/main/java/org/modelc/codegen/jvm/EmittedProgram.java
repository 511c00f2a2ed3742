package org.modelc.codegen.jvm;

import java.util.List;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A program as Java source.
 *
 * @param abi how to call it; {@code abi.symbol()} is the class's binary name
 * @param constants for each ABI buffer of role CONSTANT that came from the program's constant pool
 * @param source the text of the compilation unit
 * @param kernels the schedule of every kernel, for the reader
 */
public record EmittedProgram(
    ProgramAbi abi, List<PooledConstant> constants, String source, List<String> kernels) {
  public EmittedProgram {
    constants = List.copyOf(constants);
    kernels = List.copyOf(kernels);
  }
}

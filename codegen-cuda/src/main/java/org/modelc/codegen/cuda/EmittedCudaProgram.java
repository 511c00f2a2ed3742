package org.modelc.codegen.cuda;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * A program as CUDA C++ and the list of its kernels' launches.
 *
 * @param abi how to call it; buffers of role WORKSPACE lie in one arena of the launcher's, each
 *     aligned to 256 bytes
 * @param constants for each ABI buffer of role CONSTANT that came from the program's constant pool
 * @param text the program: no header is included, nothing but the language and its intrinsics is
 *     used
 * @param launches what runs, in order
 */
public record EmittedCudaProgram(
    ProgramAbi abi, List<PooledConstant> constants, CudaText text, List<Launch> launches) {
  public EmittedCudaProgram {
    constants = List.copyOf(constants);
    launches = List.copyOf(launches);
  }

  /** The program as CUDA C++. */
  public String cuda() {
    return text.whole();
  }

  /** The text with its launches, for the reader. */
  public String listing() {
    StringBuilder out = new StringBuilder(cuda()).append("\n// launches, in order\n");
    for (Launch launch : launches) {
      List<String> arguments = new ArrayList<>();
      launch.buffers().forEach(number -> arguments.add(abi.buffers().get(number).name()));
      arguments.addAll(launch.dims());
      out.append("// ").append(launch.configured()).append(arguments).append('\n');
    }
    return out.toString();
  }
}

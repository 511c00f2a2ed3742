package org.modelc.passes;

import java.util.HashSet;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** What must hold of a program between passes. */
final class ProgramChecks {
  private ProgramChecks() {}

  static void check(Graph graph) {
    GraphVerifier.verify(graph);
  }

  /**
   * Buffers' and kernels' names are unique; every buffer read is given by the caller, a literal or
   * written before; every output is written.
   */
  static void check(KernelProgram program) {
    Set<Buffer> defined = new HashSet<>(program.literals().keySet());
    for (Parameter parameter : program.parameters()) {
      if (parameter.role() != Role.OUTPUT) {
        defined.add(parameter.buffer());
      }
    }
    Set<String> names = new HashSet<>();
    for (Kernel kernel : program.kernels()) {
      require(names.add(kernel.name()), "two kernels are named " + kernel.name());
      Set<Buffer> writes = new HashSet<>();
      kernel.writes().forEach(write -> writes.add(program.storage(write)));
      for (Buffer read : kernel.reads()) {
        Buffer storage = program.storage(read);
        boolean known = defined.contains(storage) || writes.contains(storage);
        require(known, kernel.name() + " reads " + read + " before it is written");
      }
      defined.addAll(writes);
    }
    for (Parameter parameter : program.parameters()) {
      require(defined.contains(parameter.buffer()), parameter.name() + " is never written");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }
}

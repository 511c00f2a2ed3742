package org.modelc.passes;

import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** What a test wants to know of a compiled program. */
record KernelProgramSummary(KernelProgram program) {
  static KernelProgramSummary of(Graph graph, Pipeline pipeline) {
    List<KernelProgram> programs = pipeline.compile(graph, Target.PLAIN, PassManager.Listener.NONE);
    return new KernelProgramSummary(programs.get(programs.size() - 1));
  }

  List<String> outputs() {
    return program.parameters().stream()
        .filter(parameter -> parameter.role() == Role.OUTPUT)
        .map(KernelProgram.Parameter::name)
        .toList();
  }
}

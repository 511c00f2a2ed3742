package org.modelc.compiler.program;

import java.util.List;
import java.util.Map;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.PassReport;
import org.modelc.passes.Pipeline;

/**
 * One program on its way down, for {@code inspect}.
 *
 * @param name the program's name; a {@code prepare} program has one of its own
 * @param graph the graph as elaborated or assembled
 * @param optimized the graph after the last graph pass
 * @param kernels the kernels with their memory plan
 * @param emitted the Java class
 * @param classes its class files by binary name; empty where all programs are compiled at once
 * @param passes what each pass did
 * @param pipeline what the graph went through
 */
public record ProgramStages(
    String name,
    Graph graph,
    Graph optimized,
    KernelProgram kernels,
    EmittedProgram emitted,
    Map<String, byte[]> classes,
    List<PassReport> passes,
    Pipeline pipeline) {
  public ProgramStages {
    classes = Map.copyOf(classes);
    passes = List.copyOf(passes);
  }

  /** The program with other names of its constants, which its code does not mention. */
  ProgramStages with(EmittedProgram renamed) {
    return new ProgramStages(name, graph, optimized, kernels, renamed, classes, passes, pipeline);
  }
}

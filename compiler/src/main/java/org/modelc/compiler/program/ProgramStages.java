package org.modelc.compiler.program;

import java.util.List;
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
 * @param passes what each pass did
 * @param pipeline what the graph went through
 */
public record ProgramStages(
    String name,
    Graph graph,
    Graph optimized,
    KernelProgram kernels,
    EmittedProgram emitted,
    List<PassReport> passes,
    Pipeline pipeline) {
  public ProgramStages {
    passes = List.copyOf(passes);
  }
}

package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.codegen.jvm.JvmBackend;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.PassReport;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;

/** Runs graphs through the passes and the bytecode backend, up to Java source. */
public final class ProgramCompiler {
  private final ClassNames names;
  private final Target target;
  private final JvmBackend backend = new JvmBackend();
  private final PooledConstants constants = new PooledConstants();
  private final List<ProgramStages> done = new ArrayList<>();

  /**
   * @param names what generated classes are called
   */
  public ProgramCompiler(ClassNames names) {
    this.names = names;
    this.target = Target.PLAIN;
  }

  /** Compiles a program that reads parameters and leaves them as they are. */
  public ProgramCompiler inference(Graph graph) {
    return compile(graph, Pipeline.INFERENCE);
  }

  /** Compiles a program that updates what it reads, or makes first values. */
  public ProgramCompiler training(Graph graph) {
    return compile(graph, Pipeline.TRAINING);
  }

  /** What was compiled, in order. */
  public List<ProgramStages> programs() {
    return List.copyOf(done);
  }

  private ProgramCompiler compile(Graph graph, Pipeline pipeline) {
    List<PassReport> reports = new ArrayList<>();
    for (KernelProgram kernels : pipeline.compile(graph, target, reports::add)) {
      EmittedProgram emitted = backend.emit(kernels, names.program(kernels.name()));
      ProgramStages stages =
          new ProgramStages(
              kernels.name(),
              graph,
              lastGraph(reports, kernels.name(), graph),
              kernels,
              constants.add(emitted),
              reports,
              pipeline);
      done.add(stages);
    }
    return this;
  }

  private static Graph lastGraph(List<PassReport> reports, String name, Graph original) {
    Graph last = original;
    for (PassReport report : reports) {
      if (report.after() instanceof Graph graph && graph.name().equals(name)) {
        last = graph;
      }
    }
    return last;
  }
}

package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.codegen.jvm.JavaCompilation;
import org.modelc.codegen.jvm.JvmBackend;
import org.modelc.compiler.Backend;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.PassReport;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;

/** Runs graphs through the passes and the bytecode backend, down to class files where those run. */
public final class ProgramCompiler {
  private final ClassNames names;
  private final Backend backend;
  private final List<Callable<List<ProgramStages>>> requested = new ArrayList<>();

  /**
   * @param names what generated classes are called
   * @param backend what runs the programs
   */
  public ProgramCompiler(ClassNames names, Backend backend) {
    this.names = names;
    this.backend = backend;
  }

  /** Asks for a program that reads parameters and leaves them as they are. */
  public ProgramCompiler inference(Graph graph) {
    requested.add(() -> compile(graph, Pipeline.INFERENCE));
    return this;
  }

  /** Asks for a program that updates what it reads, or makes first values. */
  public ProgramCompiler training(Graph graph) {
    requested.add(() -> compile(graph, Pipeline.TRAINING));
    return this;
  }

  /** What was asked for, compiled side by side, in the order of asking. */
  public List<ProgramStages> programs() {
    PooledConstants constants = new PooledConstants();
    List<ProgramStages> programs = new ArrayList<>();
    for (List<ProgramStages> some : ConcurrentTasks.run(requested)) {
      some.forEach(each -> programs.add(each.with(constants.add(each.emitted()))));
    }
    return List.copyOf(programs);
  }

  private List<ProgramStages> compile(Graph graph, Pipeline pipeline) {
    List<PassReport> reports = new ArrayList<>();
    List<ProgramStages> done = new ArrayList<>();
    for (KernelProgram kernels : pipeline.compile(graph, Target.PLAIN, reports::add)) {
      EmittedProgram emitted = new JvmBackend().emit(kernels, names.program(kernels.name()));
      done.add(
          new ProgramStages(
              kernels.name(),
              graph,
              lastGraph(reports, kernels.name(), graph),
              kernels,
              emitted,
              classes(emitted),
              reports,
              pipeline));
    }
    return done;
  }

  /**
   * Bytecode that runs is compiled program by program, on all cores; another backend's is only
   * needed for the jar, and {@link CompiledPrograms} compiles it all at once meanwhile.
   */
  private Map<String, byte[]> classes(EmittedProgram emitted) {
    return backend == Backend.JVM
        ? JavaCompilation.compile(Map.of(emitted.abi().symbol(), emitted.source()))
        : Map.of();
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

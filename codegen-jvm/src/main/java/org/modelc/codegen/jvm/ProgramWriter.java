package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.workers.Team;

/** Prints the class of a program: the call of each phase, and a method for each. */
final class ProgramWriter {
  /** HotSpot never compiles a method of more bytecode than 8,000 bytes; a call takes about 17. */
  private static final int CALLS_PER_METHOD = 250;

  private static final String KERNELS = "org.modelc.runtime.kernels.";

  /** What bodies may call, by their simple names. */
  private static final List<String> KERNEL_CLASSES =
      List.of("ErrorFunction", "Grid", "HalfFloat", "InnerRows", "MatrixRows");

  private static final String PARAMETERS =
      "(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker)";
  private static final String KERNEL_PARAMETERS =
      "(Object[] buffers, int[] dims, Object[] scratch, int worker, int workers)";

  private final KernelProgram program;
  private final List<Phase> phases;
  private final ScratchPlan scratch;
  private final SourceText out = new SourceText();

  ProgramWriter(KernelProgram program, List<Phase> phases, ScratchPlan scratch) {
    this.program = program;
    this.phases = phases;
    this.scratch = scratch;
  }

  /**
   * The compilation unit.
   *
   * @param binaryName the class's name
   * @param rowSteps further methods
   */
  String write(String binaryName, RowSteps rowSteps) {
    int end = binaryName.lastIndexOf('.');
    if (end > 0) {
      out.line("package " + binaryName.substring(0, end) + ";").line("");
    }
    imports().forEach(each -> out.line("import " + each + ";"));
    out.line("").line("/** Program " + program.name() + ", generated. */");
    out.open("public final class " + binaryName.substring(end + 1) + " extends CompiledProgram");
    run();
    scratch();
    phases.forEach(this::method);
    rowSteps.methods().forEach(method -> out.line("").text(method));
    return out.close().toString();
  }

  private Set<String> imports() {
    Set<String> imports = new TreeSet<>();
    imports.add(CompiledProgram.class.getName());
    imports.add(Team.class.getName());
    for (String each : KERNEL_CLASSES) {
      boolean named = phases.stream().anyMatch(phase -> phase.body().contains(each));
      if (named || String.join(" ", scratch.allocations()).contains(each)) {
        imports.add(KERNELS + each);
      }
    }
    return imports;
  }

  /** The calls, in methods small enough for the compiler; those of few phases are one method. */
  private void run() {
    List<String> calls = PhaseOrder.calls(phases);
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from == 0 || from < calls.size(); from += CALLS_PER_METHOD) {
      parts.add(calls.subList(from, Math.min(calls.size(), from + CALLS_PER_METHOD)));
    }
    out.line("@Override").open("public void run" + PARAMETERS);
    if (parts.size() == 1) {
      calls(parts.get(0));
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      out.line("part" + i + "(buffers, dims, scratch, team, worker);");
    }
    out.close();
    for (int i = 0; i < parts.size(); i++) {
      out.line("").open("private static void part" + i + PARAMETERS);
      calls(parts.get(i));
    }
  }

  private void calls(List<String> calls) {
    out.line("final int workers = team.size();").lines(calls).close();
  }

  private void scratch() {
    KernelScope scope = new KernelScope(null, program.dims());
    program.dims().forEach(dim -> scope.dim(Dim.symbol(dim)));
    out.line("").line("@Override").open("public Object[] scratch(int[] dims)");
    out.lines(scope.declarations()).line("return new Object[] {");
    scratch.allocations().forEach(each -> out.line("  " + each + ","));
    out.line("};").close();
  }

  private void method(Phase phase) {
    out.line("").open("private static void " + phase.method() + KERNEL_PARAMETERS);
    phase.comment().forEach(line -> out.line("// " + line));
    out.text(phase.body()).close();
  }
}

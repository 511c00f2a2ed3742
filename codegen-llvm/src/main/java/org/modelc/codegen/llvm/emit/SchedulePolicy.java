package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.CostEstimate;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/** Chooses how each kernel runs: by a template where one fits, else as loops. */
final class SchedulePolicy implements Kernel.Visitor<List<Phase>> {
  private final List<Template> templates;
  private final ProgramWriter program;

  SchedulePolicy(List<Template> templates, ProgramWriter program) {
    this.templates = List.copyOf(templates);
    this.program = program;
  }

  List<Phase> phases(List<Kernel> kernels) {
    List<Phase> phases = new ArrayList<>();
    for (Kernel kernel : kernels) {
      phases.addAll(kernel.accept(this));
    }
    return phases;
  }

  @Override
  public List<Phase> nest(LoopNest nest) {
    for (Template template : templates) {
      List<Phase> phases = template.phases(nest, program);
      if (phases != null) {
        return phases;
      }
    }
    return List.of(TaskGrid.phase(NestWriter.write(CollapsedNest.of(nest), program), program));
  }

  @Override
  public List<Phase> op(OpKernel kernel) {
    for (Template template : templates) {
      List<Phase> phases = template.phases(kernel, program);
      if (phases != null) {
        return phases;
      }
    }
    throw new IllegalStateException(
        "no template of the native backend takes " + kernel.op().name() + " as a whole");
  }

  @Override
  public List<Phase> statements(StatementKernel kernel) {
    List<Phase> phases = new ArrayList<>();
    for (Stmt step : steps(kernel.body())) {
      phases.add(TaskGrid.phase(range(kernel, step), program));
    }
    return phases;
  }

  private static List<Stmt> steps(Stmt body) {
    boolean shared =
        body instanceof Stmt.Seq seq
            && seq.statements().stream().anyMatch(SchedulePolicy::isShared);
    return shared ? ((Stmt.Seq) body).statements() : List.of(body);
  }

  private static boolean isShared(Stmt stmt) {
    return stmt instanceof Stmt.For loop
        && loop.kind() == Stmt.Kind.PARALLEL
        && StatementWriter.extent(loop) != null;
  }

  private RangeKernel range(StatementKernel kernel, Stmt step) {
    KernelFunction function = program.function();
    StatementWriter statements = new StatementWriter(function, ExpressionWriter.Scope.empty());
    TaskCount tasks = TaskCount.of(Dim.ONE);
    if (isShared(step)) {
      Stmt.For loop = (Stmt.For) step;
      tasks = TaskCount.of(StatementWriter.extent(loop));
      statements.range(loop, function.first(), function.second());
    } else {
      statements.write(step);
    }
    Set<Buffer> reads = new LinkedHashSet<>();
    Set<Buffer> writes = new LinkedHashSet<>();
    step.collect(reads, writes);
    List<String> comment = ProgramWriter.comment(kernel, kernel.schedule());
    return new RangeKernel(
        comment,
        function.finish(kernel.name(), comment),
        tasks,
        CostEstimate.of(step),
        program.places(reads),
        program.places(writes));
  }
}

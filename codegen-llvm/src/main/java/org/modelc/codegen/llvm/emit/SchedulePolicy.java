package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.CostEstimate;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.kernel.StatementNest;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/** Chooses how each kernel runs: by a template where one fits, else as loops. */
final class SchedulePolicy implements Kernel.Visitor<Void> {
  private final List<Template> templates;
  private final ProgramWriter program;
  private final List<Phase> phases = new ArrayList<>();
  private final List<List<Kernel>> kernels = new ArrayList<>();

  /** Nests over the same rows that run in turn, to which another may be added; or null. */
  private RowGroup group;

  /** What follows the kernel at hand, or null. */
  private Kernel next;

  SchedulePolicy(List<Template> templates, ProgramWriter program) {
    this.templates = List.copyOf(templates);
    this.program = program;
  }

  List<Phase> phases(List<Kernel> kernels) {
    for (int i = 0; i < kernels.size(); i++) {
      next = i + 1 < kernels.size() ? kernels.get(i + 1) : null;
      kernels.get(i).accept(this);
    }
    closeGroup();
    return phases;
  }

  /** What each phase computes; nothing for all phases of a kernel but the first. */
  List<List<Kernel>> kernels() {
    return kernels;
  }

  private void add(List<? extends Kernel> some, List<Phase> own) {
    for (int i = 0; i < own.size(); i++) {
      kernels.add(i == 0 ? List.copyOf(some) : List.of());
      phases.add(own.get(i));
    }
  }

  private void closeGroup() {
    if (group != null) {
      add(group.nests(), List.of(group.phase()));
      group = null;
    }
  }

  @Override
  public Void nest(LoopNest nest) {
    // Templates are for sums.
    for (Template template : nest.reductions().isEmpty() ? List.<Template>of() : templates) {
      RangeKernel rows = isForNext(nest) ? template.rows(nest, program) : null;
      if (rows != null) {
        inTurn(nest, rows);
        return null;
      }
      List<Phase> own = template.phases(nest, program);
      if (own != null) {
        closeGroup();
        add(List.of(nest), own);
        return null;
      }
    }
    loops(nest);
    return null;
  }

  /** Whether the next nest alone reads what this one writes, so that both are better in turn. */
  private boolean isForNext(LoopNest nest) {
    return next instanceof LoopNest reader && RowGroup.ownsResult(nest, reader, program);
  }

  private void loops(LoopNest nest) {
    LoopNest collapsed = CollapsedNest.of(nest);
    SplitJoin split = SplitJoin.of(collapsed, program);
    if (split != null) {
      closeGroup();
      RangeKernel parts = NestWriter.write(split.partial(), split.range(), program);
      Phase first = TaskGrid.phase(parts, program);
      Phase last = TaskGrid.phase(NestWriter.write(split.whole(), program), program);
      add(List.of(nest), List.of(first, last));
      return;
    }
    inTurn(nest, NestWriter.write(collapsed, program));
  }

  /** Adds a nest to those that run in turn, or begins anew with it. */
  private void inTurn(LoopNest nest, RangeKernel kernel) {
    if (group == null || !group.add(nest, kernel)) {
      closeGroup();
      group = new RowGroup(nest, kernel, program);
    }
  }

  @Override
  public Void op(OpKernel kernel) {
    closeGroup();
    for (Template template : templates) {
      List<Phase> own = template.phases(kernel, program);
      if (own != null) {
        add(List.of(kernel), own);
        return null;
      }
    }
    throw new IllegalStateException(
        "no template of the native backend takes " + kernel.op().name() + " as a whole");
  }

  @Override
  public Void statements(StatementKernel kernel) {
    LoopNest nest = StatementNest.of(kernel);
    if (nest != null) {
      loops(nest);
      return null;
    }
    closeGroup();
    List<Phase> own = new ArrayList<>();
    for (Stmt step : kernel.steps()) {
      own.add(TaskGrid.phase(range(kernel, step), program));
    }
    add(List.of(kernel), own);
    return null;
  }

  private RangeKernel range(StatementKernel kernel, Stmt step) {
    KernelFunction function = program.function();
    StatementWriter statements = new StatementWriter(function, ExpressionWriter.Scope.empty());
    TaskCount tasks = TaskCount.of(Dim.ONE);
    if (step.isParallel()) {
      Stmt.For loop = (Stmt.For) step;
      tasks = TaskCount.of(loop.extent());
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

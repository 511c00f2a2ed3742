package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.Launch;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.kernel.StatementNest;
import org.modelc.ir.kernel.Stmt;
import org.modelc.runtime.spec.Dim;

/** Chooses how each kernel runs: by a template where one fits, else as threads over points. */
final class SchedulePolicy implements Kernel.Visitor<List<Phase>> {
  private final List<Template> templates;
  private final ProgramWriter program;

  SchedulePolicy(List<Template> templates, ProgramWriter program) {
    this.templates = List.copyOf(templates);
    this.program = program;
  }

  /** The group of rows that begins with a kernel, or null. */
  RowGroup group(List<Kernel> kernels) {
    List<LoopNest> nests = new ArrayList<>();
    for (Kernel kernel : kernels) {
      if (!(kernel instanceof LoopNest nest)
          || templates.stream().anyMatch(template -> template.takes(nest))) {
        break;
      }
      nests.add(nest);
    }
    return nests.size() < 2
        ? null
        : RowGroup.of(nests.get(0), nests.subList(1, nests.size()), program.buffers());
  }

  @Override
  public List<Phase> nest(LoopNest nest) {
    for (Template template : templates) {
      List<Phase> phases = template.phases(nest, program);
      if (phases != null) {
        return phases;
      }
    }
    return List.of(NestWriter.write(CollapsedNest.of(nest), program));
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
        "no template of the CUDA backend takes " + kernel.op().name() + " as a whole");
  }

  @Override
  public List<Phase> statements(StatementKernel kernel) {
    LoopNest nest = StatementNest.of(kernel);
    if (nest != null) {
      return List.of(NestWriter.write(CollapsedNest.of(nest), program));
    }
    List<Phase> phases = new ArrayList<>();
    for (Stmt step : kernel.steps()) {
      phases.add(step.isParallel() ? shared(kernel, (Stmt.For) step) : alone(kernel, step));
    }
    return phases;
  }

  private Phase shared(StatementKernel kernel, Stmt.For outermost) {
    List<Axis> axes = new ArrayList<>();
    Stmt body = outermost;
    while (body.isParallel()) {
      Stmt.For loop = (Stmt.For) body;
      axes.add(new Axis(loop.variable(), loop.extent()));
      body = loop.body();
    }
    Stmt rest = body;
    KernelFunction function = program.function();
    String point = function.fresh("point");
    Dim count = Points.count(axes);
    Points.each(
        function,
        point,
        "blockIdx.x * " + Points.BLOCK + "u + threadIdx.x",
        count,
        Points.BLOCK,
        () -> {
          Points.decode(function, point, axes);
          new StatementWriter(function).write(rest);
        });
    List<String> schedule = new ArrayList<>(kernel.schedule());
    schedule.add("a thread an iteration" + axes);
    return function.finish(kernel, schedule, Points.grid(count, Points.BLOCK), Points.BLOCK);
  }

  private Phase alone(StatementKernel kernel, Stmt step) {
    KernelFunction function = program.function();
    new StatementWriter(function).write(step);
    List<String> schedule = new ArrayList<>(kernel.schedule());
    schedule.add("one thread");
    Launch.Extent one = Launch.Extent.ONE;
    return function.finish(kernel, schedule, List.of(one, one, one), 1);
  }
}

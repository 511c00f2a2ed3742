package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelWork;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/** Emits a whole program. */
public final class ProgramEmission {
  private ProgramEmission() {}

  /** The program's module and how to call it. */
  public static EmittedNativeProgram of(
      KernelProgram program, String symbol, TargetDescription target, List<Template> templates) {
    return of(program, symbol, target, templates, null);
  }

  /** As {@link #of}, with an output that holds when phases began and ended. */
  public static EmittedNativeProgram timed(
      KernelProgram program, String symbol, TargetDescription target, List<Template> templates) {
    int phases = of(program, symbol, target, templates).kernels().size();
    PhaseClock clock = new PhaseClock(phases);
    return of(clock.in(program), symbol, target, templates, clock);
  }

  private static EmittedNativeProgram of(
      KernelProgram program,
      String symbol,
      TargetDescription target,
      List<Template> templates,
      PhaseClock clock) {
    ProgramWriter writer = new ProgramWriter(program, target);
    SchedulePolicy policy = new SchedulePolicy(templates, writer);
    List<Phase> phases = policy.phases(program.kernels());
    writer.writeEntry(symbol, phases, clock);
    List<EmittedNativeProgram.Phase> kernels = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      kernels.add(told(phases.get(i), policy.kernels().get(i)));
    }
    return new EmittedNativeProgram(
        abi(program, symbol, writer.buffers()),
        writer.buffers().constants(),
        writer.module().text(),
        writer.scratchBytes(),
        kernels);
  }

  private static EmittedNativeProgram.Phase told(Phase phase, List<Kernel> kernels) {
    Dim work = Dim.ZERO;
    Dim bytes = Dim.ZERO;
    Set<Buffer> touched = new LinkedHashSet<>();
    for (Kernel kernel : kernels) {
      work = work.plus(KernelWork.of(kernel));
      touched.addAll(kernel.reads());
      touched.addAll(kernel.writes());
    }
    for (Buffer buffer : touched) {
      bytes = bytes.plus(buffer.size().times(buffer.dtype().bytes()));
    }
    String schedule = String.join("; ", phase.comment());
    return new EmittedNativeProgram.Phase(
        phase.callable().function(), schedule, work, bytes, phase.product());
  }

  private static ProgramAbi abi(KernelProgram program, String symbol, BufferPlan buffers) {
    Dim work = Dim.ZERO;
    for (Kernel kernel : program.kernels()) {
      work = work.plus(KernelWork.of(kernel));
    }
    return new ProgramAbi(
        program.name(),
        symbol,
        program.dims(),
        program.bounds(),
        buffers.abi(),
        buffers.arenaBytes(),
        work);
  }
}

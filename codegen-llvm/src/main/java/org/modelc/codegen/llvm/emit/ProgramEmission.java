package org.modelc.codegen.llvm.emit;

import java.util.List;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.TargetDescription;
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
    ProgramWriter writer = new ProgramWriter(program, target);
    List<Phase> phases = new SchedulePolicy(templates, writer).phases(program.kernels());
    writer.writeEntry(symbol, phases);
    List<String> kernels = phases.stream().map(p -> String.join("; ", p.comment())).toList();
    return new EmittedNativeProgram(
        abi(program, symbol, writer.buffers()),
        writer.buffers().constants(),
        writer.module().text(),
        writer.scratchBytes(),
        kernels);
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

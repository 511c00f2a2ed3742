package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.Launch;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelWork;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/** Emits a whole program. */
public final class ProgramEmission {
  private ProgramEmission() {}

  /** The program's text and how to run it. */
  public static EmittedCudaProgram of(
      KernelProgram program, String symbol, TargetDescription target, List<Template> templates) {
    ProgramWriter writer = new ProgramWriter(program, symbol, target);
    SchedulePolicy policy = new SchedulePolicy(templates, writer);
    List<Launch> launches = new ArrayList<>();
    Dim work = Dim.ZERO;
    for (Kernel kernel : program.kernels()) {
      work = work.plus(KernelWork.of(kernel));
      List<Phase> phases = kernel.accept(policy);
      for (int i = 0; i < phases.size(); i++) {
        launches.add(launch(phases.get(i), i == 0 ? kernel : null));
      }
    }
    ProgramAbi abi =
        new ProgramAbi(
            program.name(),
            symbol,
            program.dims(),
            program.bounds(),
            writer.buffers().abi(),
            writer.buffers().workspaceBytes(),
            work);
    return new EmittedCudaProgram(abi, writer.buffers().constants(), writer.text(), launches);
  }

  /**
   * @param counted the kernel whose work the launch stands for, or null
   */
  private static Launch launch(Phase phase, Kernel counted) {
    return new Launch(
        phase.function(),
        String.join("; ", phase.comment()),
        phase.grid(),
        phase.block(),
        phase.sharedBytes(),
        phase.buffers(),
        phase.dims(),
        counted == null ? Dim.ZERO : KernelWork.of(counted),
        counted == null ? Dim.ZERO : bytes(counted),
        phase.product());
  }

  private static Dim bytes(Kernel kernel) {
    Set<Buffer> touched = new LinkedHashSet<>(kernel.reads());
    touched.addAll(kernel.writes());
    Dim bytes = Dim.ZERO;
    for (Buffer buffer : touched) {
      bytes = bytes.plus(buffer.size().times(buffer.dtype().bytes()));
    }
    return bytes;
  }
}

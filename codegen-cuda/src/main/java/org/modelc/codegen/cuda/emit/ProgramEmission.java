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
  /** What the launcher aligns buffers to, as the driver's allocations are. */
  private static final int ALIGNMENT = 256;

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
    }
    List<Kernel> rest = program.kernels();
    while (!rest.isEmpty()) {
      RowGroup group = policy.group(rest);
      List<? extends Kernel> done = group == null ? rest.subList(0, 1) : group.nests();
      List<Phase> phases =
          group == null ? rest.get(0).accept(policy) : List.of(group.write(writer));
      for (int i = 0; i < phases.size(); i++) {
        launches.add(launch(phases.get(i), i == 0 ? done : List.of()));
      }
      rest = rest.subList(done.size(), rest.size());
    }
    ProgramAbi abi =
        new ProgramAbi(
            program.name(),
            symbol,
            program.dims(),
            program.bounds(),
            writer.buffers().all(),
            writer.buffers().arenaBytes(ALIGNMENT),
            work);
    return new EmittedCudaProgram(abi, writer.buffers().constants(), writer.text(), launches);
  }

  /**
   * @param counted the kernels whose work the launch stands for
   */
  private static Launch launch(Phase phase, List<? extends Kernel> counted) {
    Dim multiplyAdds = Dim.ZERO;
    Set<Buffer> touched = new LinkedHashSet<>();
    for (Kernel kernel : counted) {
      multiplyAdds = multiplyAdds.plus(KernelWork.of(kernel));
      touched.addAll(kernel.reads());
      touched.addAll(kernel.writes());
    }
    Dim bytes = Dim.ZERO;
    for (Buffer buffer : touched) {
      bytes = bytes.plus(buffer.size().times(buffer.dtype().bytes()));
    }
    return new Launch(
        phase.function(),
        String.join("; ", phase.comment()),
        phase.grid(),
        phase.block(),
        phase.sharedBytes(),
        phase.buffers(),
        phase.dims(),
        multiplyAdds,
        bytes,
        phase.product());
  }
}

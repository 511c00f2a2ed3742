package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelWork;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;

/** Prints a kernel program as a Java class that extends {@link CompiledProgram}. */
public final class JvmBackend {
  /**
   * Emits the class.
   *
   * @param program with or without a memory plan; without one each temporary has its own array
   * @param binaryName the class's name, such as {@code com.acme.DigitsPredictProgram}
   */
  public EmittedProgram emit(KernelProgram program, String binaryName) {
    ProgramArrays arrays = new ProgramArrays(program);
    ScratchPlan scratch = new ScratchPlan();
    KernelWriter writer = new KernelWriter(arrays, program.dims(), scratch);
    SchedulePolicy policy = new SchedulePolicy(writer);
    List<Phase> phases = new ArrayList<>();
    for (Kernel kernel : ContractionLayouts.of(program, arrays)) {
      phases.addAll(policy.phases(expanded(kernel)));
    }
    String source =
        new ProgramWriter(program, phases, scratch).write(binaryName, writer.rowSteps());
    List<String> kernels = phases.stream().map(p -> String.join("; ", p.comment())).toList();
    return new EmittedProgram(
        abi(program, binaryName, arrays), arrays.constants(), source, kernels);
  }

  /** Functions of f32 become arithmetic, which does not depend on the Java runtime's library. */
  private static Kernel expanded(Kernel kernel) {
    return kernel instanceof LoopNest nest ? ScalarExpansion.expand(nest) : kernel;
  }

  private static ProgramAbi abi(KernelProgram program, String binaryName, ProgramArrays arrays) {
    Dim work = Dim.ZERO;
    for (Kernel kernel : program.kernels()) {
      work = work.plus(KernelWork.of(kernel));
    }
    return new ProgramAbi(
        program.name(),
        binaryName,
        program.dims(),
        program.bounds(),
        arrays.all(),
        arrays.peakBytes(),
        work);
  }
}

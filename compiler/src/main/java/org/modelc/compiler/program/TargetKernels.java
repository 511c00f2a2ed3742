package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.modelc.codegen.cuda.CudaBackend;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.PassManager;
import org.modelc.passes.Target;

/** The kernels that a backend runs: the bytecode's, unless it claims an op of the graph. */
public final class TargetKernels {
  /** Native code. */
  static final Target LLVM =
      new Target("llvm", (op, attributes, operands) -> LlvmBackend.claims(op, operands), false);

  /** GPUs. */
  public static final Target CUDA = new Target("cuda", CudaBackend::claims, false);

  private TargetKernels() {}

  /** The kernels of all programs, in order; {@code prepare} programs before what they prepare. */
  public static List<KernelProgram> of(List<ProgramStages> programs, Target target) {
    Set<Graph> done = Collections.newSetFromMap(new IdentityHashMap<>());
    List<KernelProgram> kernels = new ArrayList<>();
    for (ProgramStages program : programs) {
      if (program.graph().nodes().stream().noneMatch(target::claims)) {
        kernels.add(program.kernels());
      } else if (done.add(program.graph())) {
        kernels.addAll(
            program.pipeline().compile(program.graph(), target, PassManager.Listener.NONE));
      }
    }
    return kernels;
  }
}

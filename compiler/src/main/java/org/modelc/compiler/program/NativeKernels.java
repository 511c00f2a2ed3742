package org.modelc.compiler.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Value;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.CompositeOp;
import org.modelc.passes.PassManager;
import org.modelc.passes.Target;

/**
 * The kernels that the native backend runs: the bytecode's, unless it claims an op of the graph.
 */
final class NativeKernels {
  private static final Target TARGET =
      new Target("llvm", (op, attributes, operands) -> LlvmBackend.claims(op, operands), false);

  private NativeKernels() {}

  /** The kernels of all programs, in order; {@code prepare} programs before what they prepare. */
  static List<KernelProgram> of(List<ProgramStages> programs) {
    Set<Graph> done = Collections.newSetFromMap(new IdentityHashMap<>());
    List<KernelProgram> kernels = new ArrayList<>();
    for (ProgramStages program : programs) {
      if (!claimsAny(program.graph())) {
        kernels.add(program.kernels());
      } else if (done.add(program.graph())) {
        kernels.addAll(
            program.pipeline().compile(program.graph(), TARGET, PassManager.Listener.NONE));
      }
    }
    return kernels;
  }

  private static boolean claimsAny(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(
            node ->
                node.op() instanceof CompositeOp<?> op
                    && LlvmBackend.claims(
                        op, node.operands().stream().map(Value::tensor).toList()));
  }
}

package org.modelc.codegen.jvm;

import java.util.List;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.ProgramBuffers;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** A program's buffers, each an array of the call, and the bytes that its workspace takes. */
final class ProgramArrays extends ProgramBuffers {
  private final KernelProgram program;
  private Dim extraBytes = Dim.ZERO;

  ProgramArrays(KernelProgram program) {
    super(program);
    this.program = program;
  }

  /** Adds an array of the backend's own to the workspace. */
  Buffer addWorkspace(String name, DType dtype, Dim size) {
    extraBytes = extraBytes.plus(size.times(dtype.bytes()));
    return workspace(name, dtype, List.of(size));
  }

  Dim peakBytes() {
    Dim planned = Dim.ZERO;
    if (program.plan() != null) {
      planned = program.plan().peakBytes();
    } else {
      for (Buffer temporary : program.temporaries()) {
        planned = planned.plus(temporary.size().times(temporary.dtype().bytes()));
      }
    }
    return planned.plus(extraBytes);
  }
}

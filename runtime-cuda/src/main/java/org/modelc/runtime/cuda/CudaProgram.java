package org.modelc.runtime.cuda;

import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.workers.Team;

/** A program of a loaded image; {@link CudaFrame} runs it. */
final class CudaProgram extends CompiledProgram {
  private final CudaModule module;
  private final CudaSpec.DeviceProgram spec;
  private final long[] functions;

  CudaProgram(CudaModule module, CudaSpec.DeviceProgram spec) {
    this.module = module;
    this.spec = spec;
    this.functions = new long[spec.launches().size()];
    module.device().enter();
    for (int i = 0; i < functions.length; i++) {
      functions[i] = module.function(spec.launches().get(i));
    }
  }

  CudaModule module() {
    return module;
  }

  CudaSpec.DeviceProgram spec() {
    return spec;
  }

  /** The driver's handle of a launch's kernel. */
  long function(int launch) {
    return functions[launch];
  }

  @Override
  public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
    throw new UnsupportedOperationException("a device's program runs in a frame of its own");
  }

  @Override
  public Object[] scratch(int[] dims) {
    throw new UnsupportedOperationException("a device's program runs in a frame of its own");
  }
}

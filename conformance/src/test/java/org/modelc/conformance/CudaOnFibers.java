package org.modelc.conformance;

import java.io.IOException;
import java.util.List;
import org.modelc.testkit.fiber.FiberProgram;
import org.modelc.testkit.gpu.Launch;

/**
 * Runs CUDA text that g++ compiled.
 *
 * @param seed of the order of warps and lanes
 */
record CudaOnFibers(FiberProgram program, long seed) implements CudaRun.Device {
  @Override
  public List<byte[]> run(List<byte[]> memory, List<Launch> launches) throws IOException {
    FiberProgram.Results results = program.run(memory, launches, seed);
    if (results.problem() != null) {
      throw new IllegalStateException(results.problem());
    }
    return results.buffers();
  }
}

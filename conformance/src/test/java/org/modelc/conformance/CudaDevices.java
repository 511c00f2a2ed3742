package org.modelc.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Assumptions;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.testkit.fiber.FiberChecks;
import org.modelc.testkit.fiber.FiberCompiler;
import org.modelc.testkit.fiber.FiberProgram;
import org.modelc.testkit.ptx.PtxModule;

/**
 * What runs CUDA text without a GPU: with {@code mvn -Pcuda} the interpreter, on the PTX that NVRTC
 * makes (or nvcc, as {@link PtxCompiler} says) ({@code -Dcuda.architecture=90} for another than
 * 80); else the fiber shim. {@code -Dcuda.checks=ADDRESS} wants the shim, under AddressSanitizer.
 */
final class CudaDevices {
  private static final String CHECKS = System.getProperty("cuda.checks");
  private static final int ARCHITECTURE = Integer.getInteger("cuda.architecture", 80);

  private final Optional<CudaCompiler> compiler;
  private final FiberCompiler fibers;

  private CudaDevices(Optional<CudaCompiler> compiler, FiberCompiler fibers) {
    this.compiler = compiler;
    this.fibers = fibers;
  }

  /** Devices whose files lie in a folder; the test is skipped where there are none. */
  static CudaDevices in(Path folder) throws IOException {
    Optional<CudaCompiler> compiler = CHECKS == null ? PtxCompiler.asked() : Optional.empty();
    if (compiler.isPresent()) {
      return new CudaDevices(compiler, null);
    }
    Assumptions.assumeTrue(FiberCompiler.isAvailable(), "there is neither g++ nor NVRTC");
    return new CudaDevices(compiler, new FiberCompiler(folder));
  }

  /** What runs a text's kernels, by the seed of the order of warps. */
  LongFunction<CudaRun.Device> of(String text) throws IOException {
    if (compiler.isPresent()) {
      PtxModule module = PtxModule.parse(compiler.get().compile(text, ARCHITECTURE).ptx());
      return seed -> new CudaOnPtx(module, seed);
    }
    FiberChecks checks = CHECKS == null ? FiberChecks.NONE : FiberChecks.valueOf(CHECKS);
    FiberProgram program = fibers.compile(text, checks);
    return seed -> new CudaOnFibers(program, seed);
  }
}

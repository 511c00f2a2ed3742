package org.modelc.conformance;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.modelc.codegen.cuda.CudaCompiler;

/**
 * What makes PTX for tests: NVRTC, which {@code mvn -Pcuda} puts on the class path. An {@code nvcc}
 * that happens to be installed takes part where it is asked for: {@code
 * -Dmodelc.cuda.compiler=nvcc}.
 */
public final class PtxCompiler {
  private static final String NAMED = System.getProperty(CudaCompiler.PROPERTY);

  private PtxCompiler() {}

  /** The one that tests were started with, if any. */
  public static Optional<CudaCompiler> asked() {
    return CudaCompiler.available()
        .filter(each -> each.name().equals(CudaCompiler.NVRTC) || each.name().equals(NAMED));
  }

  /** The same; the test is skipped where there is none. */
  public static CudaCompiler required() {
    Optional<CudaCompiler> asked = asked();
    Assumptions.assumeTrue(
        asked.isPresent(), "no NVRTC: run mvn -Pcuda, or -Dmodelc.cuda.compiler=nvcc");
    return asked.orElseThrow();
  }
}

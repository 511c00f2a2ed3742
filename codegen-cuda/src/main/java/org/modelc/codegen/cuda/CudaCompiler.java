package org.modelc.codegen.cuda;

import java.util.Optional;
import java.util.ServiceLoader;
import org.modelc.runtime.ModelcException;

/**
 * Compiles CUDA C++ to code of devices. The default build has none: NVRTC and what it needs are 345
 * MB.
 */
public interface CudaCompiler {
  /** The system property that names the compiler to take, where there are several. */
  String PROPERTY = "modelc.cuda.compiler";

  /** The compiler that is taken unless {@value #PROPERTY} says another. */
  String NVRTC = "nvrtc";

  /** What it is called. */
  String name();

  /**
   * Compiles a text without contraction of products and sums.
   *
   * @param text CUDA C++ that includes nothing
   * @param architecture the compute capability × 10
   * @throws ModelcException if the text does not compile, with the compiler's words
   */
  DeviceCode compile(String text, int architecture);

  /** The compiler on the class path, if there is one. */
  static Optional<CudaCompiler> available() {
    String wanted = System.getProperty(PROPERTY, NVRTC);
    return ServiceLoader.load(CudaCompiler.class, CudaCompiler.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(compiler -> compiler.name().equals(wanted))
        .findFirst();
  }

  /**
   * The compiler on the class path.
   *
   * @throws ModelcException naming the profile, if there is none
   */
  static CudaCompiler required() {
    return available()
        .orElseThrow(
            () ->
                new ModelcException(
                    "there is no CUDA compiler: NVRTC is not on the class path",
                    "build modelc with mvn -Pcuda, which downloads 345 MB"));
  }
}

package org.modelc.codegen.cuda;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.modelc.runtime.ModelcException;

/**
 * Compiles CUDA C++ to code of devices. The default build calls {@code nvcc} where that is
 * installed: NVRTC and what it needs are 345 MB.
 */
public interface CudaCompiler {
  /** The system property that names the compiler to take, where there are several. */
  String PROPERTY = "modelc.cuda.compiler";

  /** The compiler that is taken, where it is, unless {@value #PROPERTY} says another. */
  String NVRTC = "nvrtc";

  /** The compiler that is taken where NVRTC is not. */
  String NVCC = "nvcc";

  /** What it is called. */
  String name();

  /** Whether this machine has what it calls. */
  default boolean isPresent() {
    return true;
  }

  /**
   * Looks whether it can be used.
   *
   * @throws ModelcException if not, saying why
   */
  default void requireUsable() {}

  /**
   * Compiles a text without contraction of products and sums.
   *
   * @param text CUDA C++ that includes nothing
   * @param architecture the compute capability × 10
   * @throws ModelcException if the text does not compile, with the compiler's words
   */
  DeviceCode compile(String text, int architecture);

  /** The compiler that is taken, if there is one. */
  static Optional<CudaCompiler> available() {
    List<CudaCompiler> present =
        ServiceLoader.load(CudaCompiler.class, CudaCompiler.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .filter(CudaCompiler::isPresent)
            .toList();
    return wanted().stream()
        .flatMap(name -> present.stream().filter(compiler -> compiler.name().equals(name)))
        .findFirst();
  }

  private static List<String> wanted() {
    String named = System.getProperty(PROPERTY);
    return named == null ? List.of(NVRTC, NVCC) : List.of(named);
  }

  /**
   * The compiler that is taken.
   *
   * @throws ModelcException if there is none, naming the profile and the toolkit, or if it cannot
   *     be used
   */
  static CudaCompiler required() {
    CudaCompiler compiler = available().orElseThrow(CudaCompiler::missing);
    compiler.requireUsable();
    return compiler;
  }

  private static ModelcException missing() {
    String named = System.getProperty(PROPERTY);
    return new ModelcException(
        named == null
            ? "there is no CUDA compiler: NVRTC is not on the class path, and nvcc is neither in"
                + " CUDA_HOME nor on the PATH"
            : "the CUDA compiler " + named + ", which -D" + PROPERTY + " asks for, is not here",
        "build modelc with mvn -Pcuda, which downloads 345 MB, or install NVIDIA's CUDA toolkit, or"
            + " name its compiler: -Dmodelc.cuda.nvcc=FILE");
  }
}

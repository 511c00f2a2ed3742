package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.ModelcException;
import org.modelc.testkit.JavaProcess;

/** A jar for GPUs by {@code nvcc}, for which a script stands. */
class NvccJarTest {
  /** Its PTX is the text that it was given, its machine code the PTX and the architecture. */
  private static final String STAND_IN =
      """
      #!/bin/sh
      case "$*" in
        --version) echo 'Cuda compilation tools, release RELEASE, VRELEASE.88' ;;
        *-ptx*) cp kernels.cu kernels.ptx ;;
        *-cubin*) { echo "$1"; cat kernels.ptx; } > kernels.cubin ;;
      esac
      """;

  @TempDir Path folder;

  @BeforeEach
  void rows() throws IOException {
    LineModel.writeRows(folder);
  }

  private DriverScene scene(String release) throws IOException {
    Assumptions.assumeTrue(File.separatorChar == '/', "scripts are for a POSIX shell");
    Path nvcc = folder.resolve("nvcc");
    Files.writeString(nvcc, STAND_IN.replace("RELEASE", release));
    assertThat(nvcc.toFile().setExecutable(true)).isTrue();
    return new DriverScene(folder)
        .with("modelc.cuda.nvcc", nvcc.toString())
        .with(CudaCompiler.PROPERTY, CudaCompiler.NVCC)
        .with("modelc.cuda", "off");
  }

  private ModelArchive built() {
    Path jar = folder.resolve("Line.jar");
    CompileOptions options =
        CompileOptions.defaults().withBackend(Backend.CUDA).withGpus(List.of("sm_86"));
    Compiler.build(ModelSource.of("line.model", LineModel.TEXT, folder), options).write(jar, true);
    return ModelArchive.open(jar);
  }

  @Test
  void whatItMakesIsInTheJar() throws IOException {
    try (DriverScene scene = scene("12.9")) {
      ModelArchive archive = built();
      String entry = "META-INF/modelc/Line-cuda-";
      String cubin = new String(archive.entry(entry + "sm_86.cubin"), StandardCharsets.UTF_8);
      assertThat(cubin).startsWith("-arch=sm_86\n").contains("extern \"C\" __global__ void");
      String ptx = new String(archive.entry(entry + "sm_75.ptx"), StandardCharsets.UTF_8);
      assertThat(ptx).contains("extern \"C\" __global__ void");
      assertThat(scene.driver().library().resolveSibling("libcuda.so.1.log")).doesNotExist();
    }
  }

  @Test
  void oneThatIsTooOldIsToldBeforeAnythingIsMade() throws IOException {
    try (DriverScene scene = scene("11.8")) {
      assertThatThrownBy(this::built)
          .isInstanceOf(ModelcException.class)
          .hasMessageContaining("nvcc is of CUDA 11.8");
      assertThat(scene.driver().library().resolveSibling("libcuda.so.1.log")).doesNotExist();
    }
  }

  @Test
  void aCompilerThatIsNotHereIsToldByItsName() throws IOException {
    try (DriverScene scene = scene("12.9").with(CudaCompiler.PROPERTY, "clang")) {
      assertThatThrownBy(this::built)
          .isInstanceOf(ModelcException.class)
          .hasMessageContaining("the CUDA compiler clang, which -Dmodelc.cuda.compiler asks for");
      assertThat(scene.driver().library().resolveSibling("libcuda.so.1.log")).doesNotExist();
    }
  }

  /** A process of its own, whose environment names no toolkit. */
  @Test
  void withoutAnyCompilerTheMessageNamesTheProfileAndTheToolkit() throws Exception {
    Assumptions.assumeFalse(hasNvrtc(), "NVRTC is here");
    Files.writeString(folder.resolve("line.model"), LineModel.TEXT);
    JavaProcess modelc =
        JavaProcess.of(
                "-cp",
                System.getProperty("java.class.path"),
                "org.modelc.cli.Main",
                "build",
                "line.model",
                "--backend",
                "cuda",
                "-o",
                "Line.jar")
            .in(folder);
    modelc.environment().keySet().removeAll(List.of("CUDA_HOME", "CUDA_PATH"));
    modelc.environment().put("PATH", folder.toString());
    JavaProcess.End end = modelc.run();
    assertThat(end.status()).isEqualTo(1);
    assertThat(end.said())
        .contains(
            "NVRTC is not on the class path, and nvcc is neither in CUDA_HOME nor on the PATH",
            "mvn -Pcuda",
            "CUDA toolkit",
            "-Dmodelc.cuda.nvcc=FILE");
    assertThat(folder.resolve("Line.jar")).doesNotExist();
  }

  private static boolean hasNvrtc() {
    return ServiceLoader.load(CudaCompiler.class).stream()
        .anyMatch(each -> each.type().getSimpleName().equals("NvrtcCompiler"));
  }
}

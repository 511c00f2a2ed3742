package org.modelc.codegen.cuda.nvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.runtime.ModelcException;

/** A script stands in for {@code nvcc}; where there is one, it is asked too. */
class NvccCompilerTest {
  private static final String SCALED =
      """
      extern "C" __global__ void scaled(float* x) {
        x[threadIdx.x] = x[threadIdx.x] * 3.0f + 1.0f;
      }
      """;

  private static final String VERSION =
      """
      nvcc: NVIDIA (R) Cuda compiler driver
      Cuda compilation tools, release RELEASE, VRELEASE.131
      """;

  private static final String ASSEMBLED =
      """
      ptxas info    : Compiling entry function 'scaled' for 'sm_86'
      ptxas info    : Function properties for scaled
          0 bytes stack frame, 4 bytes spill stores, 0 bytes spill loads
      ptxas info    : Used 8 registers, used 0 barriers, 256 bytes smem, 360 bytes cmem[0]
      """;

  @TempDir Path folder;
  private final String before = System.getProperty(NvccTool.PROPERTY);

  @BeforeEach
  void scriptsRun() {
    Assumptions.assumeTrue(File.separatorChar == '/', "scripts are for a POSIX shell");
  }

  @AfterEach
  void putBack() {
    name(before);
  }

  private static void name(String file) {
    if (file == null) {
      System.clearProperty(NvccTool.PROPERTY);
    } else {
      System.setProperty(NvccTool.PROPERTY, file);
    }
  }

  /** A program that tells a release, notes its arguments and folder, and then does what is said. */
  private Path standIn(Path in, String release, String then) throws IOException {
    Files.writeString(folder.resolve("version"), VERSION.replace("RELEASE", release));
    Path script = in.resolve("nvcc");
    String text =
        "#!/bin/sh\n"
            + ("[ \"$1\" = --version ] && exec cat FOLDER/version\n"
                + "echo \"$*\" >> FOLDER/calls\n")
            + "pwd >> FOLDER/folders\n";
    Files.writeString(script, (text + then).replace("FOLDER", folder.toString()));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private void use(String release, String then) throws IOException {
    name(standIn(folder, release, then).toString());
  }

  private static ModelcException refused(int architecture) {
    try {
      new NvccCompiler().compile(SCALED, architecture);
    } catch (ModelcException expected) {
      return expected;
    }
    throw new AssertionError("it compiles");
  }

  @Test
  void ptxIsMadeOfTheTextAndMachineCodeOfThePtx() throws IOException {
    Files.writeString(folder.resolve("assembled"), ASSEMBLED);
    String head = ".version 8.4\n.target sm_86\n";
    Files.writeString(folder.resolve("made"), head);
    use(
        "12.4",
        """
        case "$*" in
          *kernels.cu) cp kernels.cu FOLDER/given; cp FOLDER/made kernels.ptx ;;
          *kernels.ptx) cp kernels.ptx FOLDER/assembled.ptx; printf 'code' > kernels.cubin
            cat FOLDER/assembled >&2 ;;
        esac
        """);
    DeviceCode code = new NvccCompiler().compile(SCALED, 86);
    assertThat(folder.resolve("calls"))
        .hasContent(
            """
            -arch=sm_86 -ptx -std=c++17 -fmad=false -o kernels.ptx kernels.cu
            -arch=sm_86 -cubin -Xptxas=-v -o kernels.cubin kernels.ptx
            """);
    assertThat(folder.resolve("given")).hasContent(SCALED);
    String lowered = head.replace("8.4", "7.1");
    assertThat(folder.resolve("assembled.ptx")).hasContent(lowered);
    assertThat(code.ptx()).isEqualTo(lowered);
    assertThat(code.cubin()).containsExactly('c', 'o', 'd', 'e');
    assertThat(code.kernels()).containsExactly(new DeviceCode.Resources("scaled", 8, 0, 4, 256));
    assertThat(Files.readAllLines(folder.resolve("folders")))
        .hasSize(2)
        .allSatisfy(each -> assertThat(Path.of(each)).doesNotExist());
  }

  @Test
  void errorsHaveTheCompilersWords() throws IOException {
    use("12.4", "echo 'kernels.cu(1): error: expected a \")\"' >&2; exit 2\n");
    assertThat(refused(80))
        .hasMessage("nvcc does not compile for sm_80:\nkernels.cu(1): error: expected a \")\"");
    assertThat(Path.of(Files.readAllLines(folder.resolve("folders")).get(0))).doesNotExist();
  }

  @Test
  void anArchitectureNewerThanTheCompiler() throws IOException {
    use("12.4", "echo \"nvcc fatal   : Unsupported gpu architecture 'sm_120'\"; exit 1\n");
    assertThat(refused(120))
        .hasMessageContaining("nvcc of CUDA 12.4 does not know sm_120")
        .satisfies(e -> assertThat(e.hint()).contains("--gpu"));
  }

  @Test
  void aToolkitTooOldIsToldWithItsRelease() throws IOException {
    use("11.8", "");
    assertThat(new NvccCompiler().isPresent()).isTrue();
    assertThatThrownBy(() -> new NvccCompiler().requireUsable())
        .isInstanceOf(ModelcException.class)
        .hasMessageEndingWith("nvcc is of CUDA 11.8, and the least that modelc takes is 12.0");
    use("12.0", "");
    new NvccCompiler().requireUsable();
  }

  @Test
  void whatIsNotACompiler() throws IOException {
    name("/bin/echo");
    assertThatThrownBy(() -> new NvccCompiler().requireUsable())
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("/bin/echo is not NVIDIA's compiler");
    name("/bin/false");
    assertThatThrownBy(() -> new NvccCompiler().requireUsable())
        .isInstanceOf(ModelcException.class)
        .hasMessageStartingWith("/bin/false --version ends with status 1");
    name(folder.resolve("missing").toString());
    assertThatThrownBy(() -> new NvccCompiler().requireUsable())
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("nvcc does not run: ")
        .hasMessageContaining(folder.resolve("missing").toString())
        .satisfies(e -> assertThat(((ModelcException) e).hint()).contains(NvccTool.PROPERTY));
  }

  @Test
  void itIsLookedForInTheToolkitAndThenOnThePath() throws IOException {
    name(null);
    Path home = Files.createDirectories(folder.resolve("toolkit/bin"));
    Path other = Files.createDirectories(folder.resolve("other"));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path first = standIn(home, "12.9", "");
    Path second = standIn(other, "12.9", "");
    Files.writeString(empty.resolve("nvcc"), "may not be run");
    String path = empty + File.pathSeparator + File.pathSeparator + other;
    assertThat(NvccTool.find(Map.of("PATH", path))).contains(new NvccTool(second));
    Map<String, String> both = Map.of("PATH", path, "CUDA_HOME", home.getParent().toString());
    assertThat(NvccTool.find(both)).contains(new NvccTool(first));
    assertThat(NvccTool.find(Map.of("CUDA_HOME", "", "PATH", empty.toString()))).isEmpty();
    name("here");
    assertThat(NvccTool.find(both)).contains(new NvccTool(Path.of("here").toAbsolutePath()));
  }

  @Test
  void itIsTakenByNameAndWhereThereIsNoOther() throws IOException {
    use("12.4", "");
    List<String> names =
        List.of(CudaCompiler.available().orElseThrow().name(), CudaCompiler.required().name());
    assertThat(names).containsOnly(CudaCompiler.NVCC);
  }

  /** Products and sums stay apart, and no header of the toolkit is in the way. */
  @Test
  void theOneThatIsInstalledCompiles() {
    Assumptions.assumeTrue(new NvccCompiler().isPresent(), "there is no nvcc");
    DeviceCode code = new NvccCompiler().compile(SCALED, 75);
    assertThat(code.ptx()).contains(".target sm_75", ".entry scaled(", "mul.rn.f32", "add.rn.f32");
    assertThat(code.ptx()).doesNotContain("fma.rn.f32");
    assertThat(code.cubin()).startsWith(0x7f, 'E', 'L', 'F');
    assertThat(code.kernels().get(0).registers()).isBetween(2, 32);
  }
}

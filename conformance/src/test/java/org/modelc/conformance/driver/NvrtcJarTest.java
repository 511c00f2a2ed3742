package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.conformance.PtxCompiler;
import org.modelc.runtime.Frame;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * With {@code mvn -Pcuda}: a jar with NVRTC's machine code and PTX, whose kernels the mock driver
 * finds and notes.
 */
class NvrtcJarTest {
  private static final String FOLDER = "META-INF/modelc/Digits-cuda-";

  @TempDir static Path folder;
  private static Path jar;

  @BeforeAll
  static void build() {
    PtxCompiler.required();
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    jar = folder.resolve("Digits.jar");
    ModelSource source = ModelSource.read(CudaJarTest.root().resolve("models/digits/digits.model"));
    List<String> gpus = List.of("sm_86", "sm_90", "sm_120");
    CompileOptions options = CompileOptions.defaults().withBackend(Backend.CUDA).withGpus(gpus);
    Compiler.build(source, options).write(jar, true);
  }

  @ParameterizedTest
  @CsvSource({"7 5,PTX", "8 9,machine code", "9 0,machine code", "10 0,PTX", "12 0,machine code"})
  void theCodeHasWhatIsLaunched(String capability, String code) throws IOException {
    try (DriverScene scene = new DriverScene(folder, "capability " + capability)) {
      Frame frame = ModelArchive.open(jar).model().programs().frame("predict");
      frame.bind("image", new float[64]);
      frame.run();
      assertThat(scene.driver().count("kernel p0_predict_")).isPositive();
      assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
      assertThat(scene.driver().log()).contains("cuModuleLoadDataEx of " + code);
    }
  }

  @Test
  void ptxIsOfALowArchitectureAndMachineCodeOfThoseAskedFor() {
    ModelArchive archive = ModelArchive.open(jar);
    assertThat(new String(archive.entry(FOLDER + "sm_75.ptx"), StandardCharsets.UTF_8))
        .contains(".target sm_75");
    for (String gpu : new String[] {"sm_86", "sm_90", "sm_120"}) {
      assertThat(archive.entry(FOLDER + gpu + ".cubin")).startsWith(0x7f, 'E', 'L', 'F');
    }
  }
}

package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.testkit.fiber.HostCompiler;

/** {@code models/digits} as a jar for GPUs, run through the mock driver and beside bytecode. */
class CudaJarTest {
  @TempDir static Path folder;
  private static Path jar;

  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("models/digits"))) {
      here = here.getParent();
    }
    return here;
  }

  @BeforeAll
  static void build() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    jar = folder.resolve("Digits.jar");
    try (DriverScene scene = new DriverScene(folder)) {
      ModelSource source = ModelSource.read(root().resolve("models/digits/digits.model"));
      Compiler.build(source, CompileOptions.defaults().withBackend(Backend.CUDA)).write(jar, true);
      assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
    }
  }

  private static float[] probabilities(Frame frame, int rows) {
    Random random = new Random(rows);
    float[] images = new float[64 * rows];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    frame.bind("image", images);
    frame.run();
    float[] all = (float[]) frame.array("probabilities");
    return java.util.Arrays.copyOf(all, 10 * rows);
  }

  /**
   * Of each kind of devices that there is an image for, without tensor cores and with fast ones:
   * machine code of the same major number and no higher minor one, whatever driver of CUDA 12 there
   * is, and PTX where there is none, or the driver is older.
   */
  @ParameterizedTest
  @CsvSource({
    "7 5,11040,cuda sm_75,PTX",
    "8 6,11080,cuda sm_,PTX",
    "7 5,12000,cuda sm_75,machine code",
    "8 6,12020,cuda sm_,machine code",
    "8 7,12090,cuda sm_,machine code",
    "9 0,12090,cuda sm_80-tf32,machine code",
    "10 3,12090,cuda sm_,PTX",
    "12 1,12090,cuda sm_,machine code",
    "13 0,13000,cuda sm_,PTX"
  })
  void predictsAsBytecodeDoes(String capability, int driver, String backend, String code)
      throws IOException {
    String[] script = {"capability " + capability, "driver " + driver};
    try (DriverScene scene = new DriverScene(folder, script)) {
      Model model = ModelArchive.open(jar).model();
      scene.with("modelc.cuda", "off");
      Model plain = ModelArchive.open(jar).model();
      assertThat(model.programs().code().backend()).startsWith(backend);
      assertThat(plain.programs().code().backend()).isEqualTo("jvm");
      Frame ours = model.programs().frame("predict");
      Frame theirs = plain.programs().frame("predict");
      for (int rows : new int[] {3, 3, 3, 7, 3, 7, 7, 1}) {
        assertThat(probabilities(ours, rows))
            .containsExactly(probabilities(theirs, rows), within(1e-5f));
      }
      assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
      assertThat(scene.driver().log())
          .filteredOn(line -> line.startsWith("cuModuleLoadDataEx of"))
          .containsOnly("cuModuleLoadDataEx of " + code);
    }
  }
}

package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.testkit.AffineModel;
import org.modelc.testkit.Warnings;
import org.modelc.testkit.driver.MockDriver;
import org.modelc.testkit.fiber.HostCompiler;

/** What can be wrong with a GPU, its driver and its memory; and that nothing of it is kept. */
class CudaFaultTest {
  @TempDir static Path folder;
  private static Path weights;
  private static Path jar;

  @BeforeAll
  static void build() throws IOException {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    weights = AffineModel.writeWeights(folder);
    jar = folder.resolve("Affine.jar");
    try (DriverScene scene = new DriverScene(folder, "capability 8 6")) {
      build(jar);
      assertThat(scene.driver().library().resolveSibling("libcuda.so.1.log")).doesNotExist();
    }
  }

  private static void build(Path file) {
    CompileOptions options =
        CompileOptions.defaults().withWeights(weights).withBackend(Backend.CUDA);
    Compiler.build(ModelSource.of("affine.model", AffineModel.TEXT, folder), options)
        .write(file, true);
  }

  private static Model load() {
    return ModelArchive.open(jar).model();
  }

  private static String backend(Model model) {
    return model.programs().code().backend();
  }

  /** Loads twice, predicts with what runs in the GPU's place, and gives the one warning. */
  private static String warning(DriverScene scene) {
    return warning(scene, jar);
  }

  private static String warning(DriverScene scene, Path file) {
    try (Warnings warnings = new Warnings();
        scene) {
      Model model = ModelArchive.open(file).model();
      assertThat(backend(model)).isEqualTo("jvm");
      AffineModel.assertPredicts(model);
      ModelArchive.open(file).model();
      assertThat(warnings.texts()).hasSize(1);
      assertThat(warnings.texts().get(0)).contains("running bytecode", "-Dmodelc.cuda=off");
      return warnings.texts().get(0);
    }
  }

  private static void requireProper(MockDriver driver) throws IOException {
    assertThat(driver.log()).noneMatch(line -> line.startsWith("ERROR"));
  }

  @Test
  void aGpuPredicts() throws IOException {
    try (DriverScene scene = new DriverScene(folder)) {
      Model model = load();
      assertThat(backend(model)).startsWith("cuda sm_");
      AffineModel.assertPredicts(model);
      requireProper(scene.driver());
      assertThat(scene.driver().count("cuGraphLaunch")).isEqualTo(2);
      assertThat(scene.driver().count("cuStreamBeginCapture_v2")).isEqualTo(1);
    }
  }

  @Test
  void withoutADriver() throws IOException {
    Path missing = folder.resolve("libcuda-missing.so");
    DriverScene scene = new DriverScene(folder).with("modelc.cuda.library", missing.toString());
    assertThat(warning(scene)).contains("there is no " + missing, "-Dmodelc.cuda.library=FILE");
  }

  @Test
  void turnedOffItIsNotEvenLookedFor() throws IOException {
    try (DriverScene scene = new DriverScene(folder).with("modelc.cuda", "off")) {
      assertThat(backend(load())).isEqualTo("jvm");
      assertThat(scene.driver().library().resolveSibling("libcuda.so.1.log")).doesNotExist();
    }
  }

  @Test
  void aDriverThatIsNone() throws IOException {
    Path text = Files.writeString(folder.resolve("libtext.so"), "no library");
    DriverScene scene = new DriverScene(folder).with("modelc.cuda.library", text.toString());
    assertThat(warning(scene)).contains("there is no " + text);
  }

  @Test
  void aDriverTooOldSaysWhichIsNeeded() throws IOException {
    assertThat(warning(new DriverScene(folder, "driver 9020", "capability 13 0")))
        .contains(
            "its driver is of CUDA 9.2 and the PTX needs 10.0", "install driver 410 or newer");
  }

  private String warningOfDriver(String name, String text) throws IOException {
    Path source = Files.writeString(folder.resolve(name + ".cpp"), text);
    Path library = folder.resolve(name + ".so");
    HostCompiler.run(
        List.of("-shared", "-fPIC", source.toString(), "-o", library.toString()), "a driver");
    return warning(new DriverScene(folder).with("modelc.cuda.library", library.toString()));
  }

  @Test
  void aDriverThatLacksAFunctionSaysWhichHasIt() throws IOException {
    assertThat(warningOfDriver("old", "extern \"C\" int cuInit(unsigned) { return 0; }\n"))
        .contains("old.so has no function cu", "install driver 470 or newer");
  }

  @Test
  void aLibraryThatCannotBeginIsNoDriver() throws IOException {
    assertThat(warningOfDriver("empty", "int nothing;\n"))
        .containsPattern("there is no \\S*empty.so")
        .contains("install NVIDIA's driver");
  }

  @Test
  void machineCodeThatIsRefusedIsReplacedByPtx() throws IOException {
    try (DriverScene scene = new DriverScene(folder, "fail cuModuleLoadDataEx 1 209")) {
      Model model = load();
      assertThat(backend(model)).startsWith("cuda sm_");
      AffineModel.assertPredicts(model);
      assertThat(scene.driver().log())
          .contains("cuModuleLoadDataEx fails with 209", "cuModuleLoadDataEx of PTX");
      requireProper(scene.driver());
    }
  }

  /** What the jar says is for sm_86 is for sm_90, which the driver finds out. */
  @Test
  void machineCodeOfAnotherArchitectureIsRefusedAndPtxTaken() throws IOException {
    Path wrong = folder.resolve("Wrong.jar");
    DriverScene making = new DriverScene(folder).with(FiberCudaCompiler.CUBIN, "90");
    try (making) {
      build(wrong);
    }
    try (DriverScene scene = new DriverScene(folder, "capability 8 6")) {
      Model model = ModelArchive.open(wrong).model();
      assertThat(backend(model)).startsWith("cuda sm_");
      AffineModel.assertPredicts(model);
      assertThat(scene.driver().log())
          .containsSubsequence("cuModuleLoadDataEx: 209", "cuModuleLoadDataEx of PTX")
          .doesNotContain("cuModuleLoadDataEx of machine code");
      requireProper(scene.driver());
    }
    String old = "driver 9010";
    assertThat(warning(new DriverScene(folder, "capability 8 6", old), wrong))
        .contains("its driver is of CUDA 9.1 and the PTX needs 10.0");
  }

  @Test
  void machineCodeForGpusThatAreNotKnown() {
    CompileOptions options =
        CompileOptions.defaults().withBackend(Backend.JVM).withGpus(List.of("sm_86", "sm_70"));
    assertThatThrownBy(
            () -> Compiler.build(ModelSource.of("affine.model", AffineModel.TEXT, folder), options))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("there is no machine code for sm_70: modelc makes it for sm_75, ");
  }

  @Test
  void aDriverThatRefusesThePtx() throws IOException {
    String unknown = "capability 13 0";
    assertThat(warning(new DriverScene(folder, unknown, "fail cuModuleLoadDataEx 1 222")))
        .contains("the driver does not take the PTX: CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222)");
    assertThat(warning(new DriverScene(folder, unknown, "fail cuModuleLoadDataEx 1 218")))
        .contains("CUDA_ERROR_INVALID_PTX (218)");
  }

  @Test
  void anArchitectureBelowTuring() throws IOException {
    assertThat(warning(new DriverScene(folder, "capability 7 0")))
        .contains(
            "GPU 0 (Mock 0) is of compute capability 7.0, and the least that it needs is 7.5");
  }

  @Test
  void noDevice() throws IOException {
    assertThat(warning(new DriverScene(folder, "devices 0")))
        .contains("CUDA_ERROR_NO_DEVICE (100)");
    assertThat(warning(new DriverScene(folder, "devices 2").with("modelc.cuda.device", "2")))
        .contains("the driver knows 2 GPUs, there is none of number 2", "-Dmodelc.cuda.device=0");
  }

  @Test
  void theSecondDevice() throws IOException {
    DriverScene scene = new DriverScene(folder, "devices 2").with("modelc.cuda.device", "1");
    try (scene) {
      AffineModel.assertPredicts(load());
      assertThat(scene.driver().log()).contains("cuDevicePrimaryCtxRetain 1");
      assertThat(scene.driver().log()).doesNotContain("cuDevicePrimaryCtxRetain 0");
      requireProper(scene.driver());
    }
  }

  @Test
  void memoryThatIsNotThereIsToldWithThePlan() throws IOException {
    try (DriverScene scene = new DriverScene(folder, "memory 100000")) {
      Model model = load();
      Frame frame = model.newSession().frame("predict");
      float[] many = new float[3 * 5000];
      // 60,000 bytes go in and 40,000 come out, each part rounded up to 256.
      assertThatThrownBy(
              () -> {
                frame.bind("x", many);
                frame.run();
              })
          .isInstanceOf(ModelcException.class)
          .hasMessageContaining("predict: no room on GPU 0 (Mock 0) for ")
          .hasMessageContaining("with B = 5000: 60160 for inputs, 40192 for outputs, ")
          .hasMessageContaining("of workspace, planned as ")
          .hasMessageContaining(" of 100000 bytes are free")
          .satisfies(e -> assertThat(((ModelcException) e).hint()).contains("fewer rows"));
      frame.bind("x", new float[] {1, 2, 3});
      frame.run();
      assertThat((float[]) frame.array("score")).startsWith(14.5f, 139);
      requireProper(scene.driver());
    }
  }

  /** A session of 1,000 rows takes 20,000 bytes and more, so that there is room for four. */
  @Test
  void sessionsThatNobodyUsesMakeRoom() throws IOException {
    try (DriverScene scene = new DriverScene(folder, "memory 100000")) {
      Model model = load();
      for (int session = 0; session < 20; session++) {
        Frame frame = model.newSession().frame("predict");
        float[] rows = new float[3 * 1000];
        rows[0] = session;
        frame.bind("x", rows);
        frame.run();
        assertThat((float[]) frame.array("score")).startsWith(session + 0.5f, 10 * session - 1);
      }
      requireProper(scene.driver());
      assertThat(scene.driver().count("cuMemFree_v2")).isGreaterThanOrEqualTo(15);
    }
  }

  @Test
  void parametersThatDoNotFit() throws IOException {
    try (DriverScene scene = new DriverScene(folder, "memory 10")) {
      assertThatThrownBy(CudaFaultTest::load)
          .isInstanceOf(ModelcException.class)
          .hasMessageContaining("GPU 0 (Mock 0) has no room for a parameter of ")
          .hasMessageContaining(" of 10 bytes are free");
      assertThat(scene.driver().count("cuMemAlloc_v2")).as("tried again").isEqualTo(2);
    }
  }

  @Test
  void aDeviceLostWhilePredictingStaysLost() throws IOException {
    try (DriverScene scene = new DriverScene(folder, "fail cuStreamSynchronize 4 700")) {
      Frame frame = load().newSession().frame("predict");
      for (int call = 0; call < 3; call++) {
        float[] row = {call, 2, 3};
        frame.bind("x", row);
        if (call == 0) {
          frame.run();
          continue;
        }
        // The first two waits are for parameters, the third for the first call.
        assertThatThrownBy(frame::run)
            .isInstanceOf(ModelcException.class)
            .hasMessage("GPU 0 (Mock 0) was lost: CUDA_ERROR_ILLEGAL_ADDRESS (700)");
      }
      requireProper(scene.driver());
    }
  }

  @Test
  void nothingIsKept() throws Exception {
    try (DriverScene scene = new DriverScene(folder)) {
      for (int i = 0; i < 3; i++) {
        AffineModel.assertPredicts(load());
      }
      MockDriver driver = scene.driver();
      for (int turn = 0;
          turn < 100 && driver.count("cuMemFree_v2") < driver.count("cuMemAlloc_v2");
          turn++) {
        System.gc();
        Thread.sleep(20);
      }
      assertThat(driver.count("cuMemAlloc_v2")).isGreaterThanOrEqualTo(9);
      assertThat(driver.count("cuMemFree_v2")).isEqualTo(driver.count("cuMemAlloc_v2"));
      assertThat(driver.count("cuMemFreeHost")).isEqualTo(driver.count("cuMemHostAlloc"));
      assertThat(driver.count("cuStreamDestroy_v2")).isEqualTo(driver.count("cuStreamCreate"));
      assertThat(driver.count("cuModuleUnload")).isEqualTo(driver.count("cuModuleLoadDataEx"));
      assertThat(driver.count("cuGraphExecDestroy"))
          .isEqualTo(driver.count("cuGraphInstantiateWithFlags"));
      assertThat(driver.count("cuDevicePrimaryCtxRetain")).isEqualTo(1);
      requireProper(driver);
    }
  }
}

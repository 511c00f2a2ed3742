package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.Frame;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * With {@code mvn -Pcuda}: a jar with NVRTC's PTX, whose kernels the mock driver finds and notes.
 */
class NvrtcJarTest {
  @TempDir Path folder;

  @Test
  void thePtxHasWhatIsLaunched() throws IOException {
    Assumptions.assumeTrue(CudaCompiler.available().isPresent(), "there is no NVRTC");
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    Path jar = folder.resolve("Digits.jar");
    for (String capability : new String[] {"7 5", "8 9", "9 0"}) {
      try (DriverScene scene = new DriverScene(folder, "capability " + capability)) {
        System.clearProperty(CudaCompiler.PROPERTY);
        ModelSource source =
            ModelSource.read(CudaJarTest.root().resolve("models/digits/digits.model"));
        CompileOptions options = CompileOptions.defaults().withBackend(Backend.CUDA);
        Compiler.build(source, options).write(jar, true);
        ModelArchive archive = ModelArchive.open(jar);
        Frame frame = archive.model().programs().frame("predict");
        frame.bind("image", new float[64]);
        frame.run();
        assertThat(scene.driver().count("kernel p0_predict_")).isPositive();
        assertThat(scene.driver().log()).noneMatch(line -> line.startsWith("ERROR"));
        String ptx = "META-INF/modelc/Digits-cuda-sm_75.ptx";
        assertThat(new String(archive.entry(ptx), StandardCharsets.UTF_8))
            .contains(".target sm_75");
      }
    }
  }
}

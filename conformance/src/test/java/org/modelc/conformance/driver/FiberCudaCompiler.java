package org.modelc.conformance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.modelc.codegen.cuda.CudaCompiler;
import org.modelc.codegen.cuda.DeviceCode;
import org.modelc.testkit.fiber.FiberCompiler;

/**
 * In the place of NVRTC: images that name a library of the same text, which the mock driver runs.
 * {@code -Dmodelc.cuda.compiler=fiber} takes it.
 */
public final class FiberCudaCompiler implements CudaCompiler {
  static final String FIBER = "fiber";

  /** The system property that names a folder for the libraries, which else go with the process. */
  static final String FOLDER = "modelc.cuda.compiler.folder";

  private static final Map<String, Path> COMPILED = new HashMap<>();
  private static FiberCompiler compiler;

  @Override
  public String name() {
    return FIBER;
  }

  @Override
  public DeviceCode compile(String text, int architecture) {
    return new DeviceCode(
        ".version 8.8\n.target sm_" + architecture + "\n// fiber " + library(text) + "\n",
        new byte[0],
        List.of());
  }

  /** Tests compile some models several times. */
  private static synchronized Path library(String text) {
    try {
      if (compiler == null) {
        compiler = new FiberCompiler(folder());
      }
      Path known = COMPILED.get(text);
      if (known == null) {
        known = compiler.library(text);
        COMPILED.put(text, known);
      }
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() throws IOException {
    String given = System.getProperty(FOLDER);
    if (given != null) {
      return Path.of(given);
    }
    Path folder = Files.createTempDirectory("fiber");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return folder;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // What stays is a file in the temporary directory.
    }
  }
}

package org.modelc.testkit.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * A library in the place of {@code libcuda.so.1}. Each object is a driver of its own, which a
 * process has not yet opened.
 *
 * @param library its file
 */
public record MockDriver(Path library) {
  private static final String SOURCE = "mock_driver.cpp";
  private static final List<String> SOURCES = List.of(SOURCE, "mock_machine.h");

  /**
   * Compiles it.
   *
   * @param folder where its files go
   * @param script what the driver says of itself and which calls fail, line by line; the source's
   *     first lines tell how
   */
  public static MockDriver in(Path folder, String... script) throws IOException {
    Path compiled = folder.resolve("mock_driver.so");
    if (!Files.exists(compiled)) {
      for (String source : SOURCES) {
        try (InputStream in = MockDriver.class.getResourceAsStream(source)) {
          Files.write(folder.resolve(source), in.readAllBytes());
        }
      }
      HostCompiler.run(
          List.of(
              "-std=gnu++17",
              "-O1",
              "-g1",
              "-shared",
              "-fPIC",
              folder.resolve(SOURCE).toString(),
              "-o",
              compiled + "",
              "-ldl"),
          "the mock driver");
    }
    Path own = Files.createTempDirectory(folder, "driver");
    Path library = Files.copy(compiled, own.resolve("libcuda.so.1"));
    Files.write(own.resolve("libcuda.so.1.script"), List.of(script));
    return new MockDriver(library);
  }

  /** What was called, line by line; lines that begin with ERROR are misuse. */
  public List<String> log() throws IOException {
    return Files.readAllLines(library.resolveSibling("libcuda.so.1.log"));
  }

  /** How often a line that begins so stands in the log. */
  public long count(String begin) throws IOException {
    return log().stream().filter(line -> line.startsWith(begin)).count();
  }
}

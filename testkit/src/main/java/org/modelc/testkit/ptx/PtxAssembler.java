package org.modelc.testkit.ptx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.testkit.fiber.ChildProcess;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * NVIDIA's own assembler of PTX, as drivers have it: nvJitLink, a library beside NVRTC, by a small
 * program that g++ makes.
 *
 * @param program the program
 * @param library nvJitLink
 */
public record PtxAssembler(Path program, Path library) {
  private static final String SOURCE = "ptx_assembler.cpp";
  private static final String LIBRARY = "/org/bytedeco/cuda/linux-x86_64/libnvJitLink.so.12";

  /** The one of the class path, where that has it and this machine has g++. */
  public static Optional<PtxAssembler> find() {
    if (PtxAssembler.class.getResource(LIBRARY) == null || !HostCompiler.isAvailable()) {
      return Optional.empty();
    }
    try {
      Path folder = Files.createTempDirectory("ptx-assembler");
      Path source = copy(SOURCE, folder.resolve(SOURCE));
      Path program = folder.resolve("ptx_assembler");
      HostCompiler.run(
          List.of("-std=gnu++17", "-O1", source.toString(), "-o", program.toString(), "-ldl"),
          "the assembler's program");
      PtxAssembler made = new PtxAssembler(program, copy(LIBRARY, folder.resolve("nvJitLink.so")));
      for (Path each : List.of(folder, source, program, made.library)) {
        each.toFile().deleteOnExit();
      }
      return Optional.of(made);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path copy(String resource, Path file) throws IOException {
    try (InputStream in = PtxAssembler.class.getResourceAsStream(resource)) {
      Files.copy(in, file);
    }
    return file;
  }

  /**
   * Assembles a text.
   *
   * @param architecture compute capability × 10
   * @throws IllegalArgumentException if the assembler refuses it, with its words
   */
  public void requireValid(String ptx, int architecture) throws IOException {
    Path file = Files.writeString(Files.createTempFile("kernels", ".ptx"), ptx);
    try {
      String target = "sm_" + architecture;
      List<String> command = List.of(program + "", library + "", target, file.toString());
      ChildProcess.Ended ended = ChildProcess.run(command, Map.of());
      if (ended.status() != 0) {
        throw new IllegalArgumentException(target + ": " + ended.output());
      }
    } finally {
      Files.delete(file);
    }
  }
}

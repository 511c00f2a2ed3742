package org.modelc.testkit.ptx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CUDA C++ to PTX by nvcc, where a machine has it.
 *
 * @param nvcc its path
 * @param architecture a virtual one, as compute_80
 */
public record PtxCompiler(String nvcc, String architecture) {
  /** What {@code -Dmodelc.nvcc=PATH} names, or null. */
  public static PtxCompiler given(String architecture) {
    String path = System.getProperty("modelc.nvcc");
    return path == null ? null : new PtxCompiler(path, architecture);
  }

  /**
   * Compiles as NVRTC is asked to: without contraction.
   *
   * @param folder for the text and what becomes of it
   * @throws IOException with what nvcc said if it refuses the text
   */
  public PtxModule compile(String text, Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("kernels.cu"), text);
    Path target = folder.resolve("kernels.ptx");
    Process process =
        new ProcessBuilder(
                List.of(
                    nvcc,
                    "-ptx",
                    "-std=c++17",
                    "-arch=" + architecture,
                    "-fmad=false",
                    "-o",
                    target.toString(),
                    source.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(nvcc + " cannot compile the kernels:\n" + said);
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(nvcc + " was interrupted", stopped);
    }
    return PtxModule.parse(Files.readString(target));
  }
}

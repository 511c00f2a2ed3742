package org.modelc.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.NativePlatform;

/**
 * {@code src/test/c/harness.c}, built by some compiler and run by some processor: native libraries
 * without a JVM, on a system that has none here.
 *
 * @param compiler a C compiler for the platform
 * @param runner what runs the platform's programs; nothing where this machine does
 */
record CHarness(NativePlatform platform, String compiler, List<String> runner) {
  private static final Path SOURCE = Path.of("src", "test", "c", "harness.c");

  /**
   * Runs cases on a library.
   *
   * @return what the programs wrote; less than all if the harness failed, which {@code problem}
   *     tells
   */
  Results run(byte[] library, byte[] cases, Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("harness");
    Path build = folder.resolve("build.log");
    String output = program.toString();
    int built =
        start(
            build,
            List.of(
                compiler,
                "-O1",
                "-std=gnu11",
                "-o",
                output,
                SOURCE.toString(),
                "-ldl",
                "-pthread"));
    if (built != 0) {
      throw new IOException(compiler + " cannot build the harness: " + Files.readString(build));
    }
    Path results = folder.resolve("results");
    Path log = folder.resolve("run.log");
    List<String> command = new ArrayList<>(runner);
    command.add(output);
    command.add(Files.write(folder.resolve("library.so"), library).toString());
    command.add(Files.write(folder.resolve("cases"), cases).toString());
    command.add(results.toString());
    int status = start(log, command);
    byte[] written = Files.exists(results) ? Files.readAllBytes(results) : new byte[0];
    String problem = status == 0 ? null : "status " + status + " " + Files.readString(log).strip();
    return new Results(ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN), problem);
  }

  /**
   * What a run left.
   *
   * @param problem why it ended before its end, or null
   */
  record Results(ByteBuffer bytes, String problem) {}

  private static int start(Path log, List<String> command)
      throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }
}

package org.modelc.testkit.fiber;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Programs that run to their end. */
public final class ChildProcess {
  private ChildProcess() {}

  /**
   * How one ended.
   *
   * @param output what it wrote, errors included
   */
  public record Ended(int status, String output) {}

  /** Runs one to its end, with nothing to read. */
  public static Ended run(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Ended(process.waitFor(), output.strip());
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(command.get(0) + " was interrupted", stopped);
    }
  }
}

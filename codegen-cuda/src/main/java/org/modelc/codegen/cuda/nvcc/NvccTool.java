package org.modelc.codegen.cuda.nvcc;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modelc.runtime.ModelcException;

/**
 * The program {@code nvcc}.
 *
 * @param file where it lies
 */
record NvccTool(Path file) {
  /** The system property that names it. */
  static final String PROPERTY = "modelc.cuda.nvcc";

  /**
   * Machine code of this release and later ones runs with all later drivers of its major number.
   */
  private static final int LEAST_MAJOR = 12;

  private static final Pattern RELEASE = Pattern.compile("release (\\d+)\\.(\\d+)");

  /**
   * How a run of it ended.
   *
   * @param output what it wrote, errors included
   */
  record Ended(int status, String output) {}

  /**
   * The one that {@value #PROPERTY} names, else the first in {@code CUDA_HOME}, {@code CUDA_PATH}
   * (as NVIDIA's installer for Windows has it) and the folders of {@code PATH}.
   */
  static Optional<NvccTool> find(Map<String, String> environment) {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return Optional.of(new NvccTool(Path.of(named).toAbsolutePath()));
    }
    String name = File.separatorChar == '\\' ? "nvcc.exe" : "nvcc";
    return folders(environment).stream()
        .map(folder -> folder.resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(NvccTool::new);
  }

  private static List<Path> folders(Map<String, String> environment) {
    List<Path> folders = new ArrayList<>();
    for (String home : new String[] {"CUDA_HOME", "CUDA_PATH"}) {
      String given = environment.getOrDefault(home, "");
      if (!given.isEmpty()) {
        folders.add(Path.of(given, "bin"));
      }
    }
    for (String each : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!each.isEmpty()) {
        folders.add(Path.of(each).toAbsolutePath());
      }
    }
    return folders;
  }

  /**
   * The release of CUDA that it is of, such as {@code 12.9}.
   *
   * @throws ModelcException if it does not run, is no {@code nvcc}, or is too old
   */
  String release() {
    String said = ran(Path.of("").toAbsolutePath(), List.of("--version"));
    Matcher release = RELEASE.matcher(said);
    if (!release.find()) {
      throw new ModelcException(
          file + " is not NVIDIA's compiler: it does not tell its release, but: " + said,
          "name it: -D" + PROPERTY + "=FILE");
    }
    String text = release.group(1) + "." + release.group(2);
    if (Integer.parseInt(release.group(1)) < LEAST_MAJOR) {
      throw new ModelcException(
          file + " is of CUDA " + text + ", and the least that modelc takes is 12.0",
          "install a newer CUDA toolkit, or name its compiler: -D" + PROPERTY + "=FILE");
    }
    return text;
  }

  /** Runs it to success and gives what it wrote. */
  private String ran(Path folder, List<String> arguments) {
    Ended ended = run(folder, arguments);
    if (ended.status() != 0) {
      throw new ModelcException(
          file
              + " "
              + String.join(" ", arguments)
              + " ends with status "
              + ended.status()
              + ": "
              + ended.output(),
          "name a working one: -D" + PROPERTY + "=FILE");
    }
    return ended.output();
  }

  /**
   * Runs it in a folder.
   *
   * @throws ModelcException if it cannot be started
   */
  Ended run(Path folder, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output.strip());
    } catch (IOException e) {
      throw new ModelcException(
          "nvcc does not run: " + e.getMessage(), "name a working one: -D" + PROPERTY + "=FILE");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelcException(file + " was interrupted");
    }
  }
}

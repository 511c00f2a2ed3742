package org.modelc.benchmarks.peers.comparison;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A contender's program at work, and what Linux tells about it. */
final class SubjectProcess implements AutoCloseable {
  private static final String MARK = "## ";

  /** Clock ticks of {@code /proc/PID/stat}, a constant of Linux. */
  private static final double TICKS = 100;

  private final Process process;
  private final Path log;
  private final BufferedReader answers;
  private final PrintStream questions;
  private final long started = System.nanoTime();

  /**
   * Starts a program with a home and a folder for temporary files of its own.
   *
   * @param places the folder of both
   */
  SubjectProcess(Contender contender, String network, Path places, List<String> arguments)
      throws IOException {
    Path home = Files.createDirectories(places.resolve("home"));
    Path temporary = Files.createDirectories(places.resolve("temporary"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + home);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(contender.arguments());
    command.add(contender.main());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    List<String> path = contender.classPath(network).stream().map(Path::toString).toList();
    builder.environment().put("CLASSPATH", String.join(File.pathSeparator, path));
    builder.environment().put("HOME", home.toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "OMP_NUM_THREADS", "1",
                "OPENBLAS_NUM_THREADS", "1",
                "OPT_OUT_TRACKING", "true",
                "TF_CPP_MIN_LOG_LEVEL", "2"));
    log = places.resolve("log");
    process = builder.redirectError(log.toFile()).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** The rest of the next line that begins with a word. */
  String await(String word) throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(MARK + word)) {
        return line.substring(MARK.length() + word.length()).strip();
      }
    }
    String text = Files.readString(log);
    throw new IOException("no `" + word + "`: " + text.substring(0, Math.min(4000, text.length())));
  }

  /** Lets the program go on. */
  void goOn() {
    questions.println();
  }

  double secondsSinceStart() {
    return (System.nanoTime() - started) / 1e9;
  }

  private Path of(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /** The most memory that was resident, in bytes. */
  long peakBytes() throws IOException {
    for (String line : Files.readAllLines(of("status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no VmHWM in " + of("status"));
  }

  /** Processor time so far, of all threads. */
  double processorSeconds() throws IOException {
    String stat = Files.readString(of("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /** Names of threads by their ids. */
  Map<String, String> threads() throws IOException {
    Map<String, String> names = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(of("task"))) {
      for (Path task : tasks.toList()) {
        names.put(task.getFileName().toString(), Files.readString(task.resolve("comm")).strip());
      }
    }
    return names;
  }

  @Override
  public void close() throws IOException {
    goOn();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    answers.close();
    questions.close();
  }
}

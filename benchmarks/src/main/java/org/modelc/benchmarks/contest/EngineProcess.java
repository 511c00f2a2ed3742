package org.modelc.benchmarks.contest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An engine at work in another process, as this one sees it. */
final class EngineProcess implements AutoCloseable {
  /** BLAS libraries must not start threads of their own under an engine that does. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("OPENBLAS_NUM_THREADS", "1", "TF_CPP_MIN_LOG_LEVEL", "2");

  /** After this, threads that spin for more work have gone to sleep. */
  private static final int SETTLE_MILLIS = 15;

  private final String engine;
  private final int threads;
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream questions;
  private final double operations;
  private final float[] outcome;
  private double callNanos;

  /**
   * Starts and waits until the work is ready.
   *
   * @throws EngineFailure if the engine cannot do it
   */
  EngineProcess(String engine, Workload workload, int threads, Path folder) throws EngineFailure {
    this.engine = engine;
    this.threads = threads;
    try {
      process = start(engine, workload, threads, folder);
      // One that is stopped would outlive us.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      String[] ready = answer().split(" ", 3);
      operations = Double.parseDouble(ready[1]);
      outcome = read(Path.of(ready[2]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An engine that could not be had, or gave up. */
  static final class EngineFailure extends Exception {
    private static final long serialVersionUID = 1;

    EngineFailure(String message) {
      super(message);
    }
  }

  private static Process start(String engine, Workload workload, int threads, Path folder)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx4g",
            EngineMain.class.getName(),
            engine,
            workload.row(),
            Integer.toString(threads),
            folder.toString());
    builder.environment().putAll(ENVIRONMENT);
    // Not on the command line: onnxruntime 1.29 crashes where that is longer than 4 KB.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    Path log = folder.resolve(String.join("-", engine, workload.row(), threads + ".log"));
    return builder.redirectError(log.toFile()).start();
  }

  private static float[] read(Path file) throws IOException {
    FloatBuffer floats = ByteBuffer.wrap(Files.readAllBytes(file)).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return values;
  }

  private String answer() throws EngineFailure {
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(EngineMain.MARK + "failed")) {
          throw new EngineFailure(engine + line.substring(EngineMain.MARK.length() + 6));
        } else if (line.startsWith(EngineMain.MARK)) {
          return line.substring(EngineMain.MARK.length());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new EngineFailure(engine + " ended without an answer");
  }

  private long ask(String question) throws EngineFailure {
    signal("CONT");
    questions.println(question);
    long nanos = Long.parseLong(answer());
    try {
      Thread.sleep(SETTLE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Some engines' threads look for work for longer, on a processor that is another's now.
    signal("STOP");
    return nanos;
  }

  /** Stops or continues the process, where the system can. */
  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      // Not on Windows: engines then disturb each other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Warms up; then {@link #callNanos} is known. */
  void warm(double seconds) throws EngineFailure {
    callNanos = ask("warm " + seconds);
  }

  /** Nanoseconds of a call, the mean of so many as fill a time, at least one. */
  double time(double seconds) throws EngineFailure {
    int calls = (int) Math.max(1, seconds * 1e9 / Math.max(1, callNanos));
    callNanos = ask("time " + calls) / (double) calls;
    return callNanos;
  }

  /** Nanoseconds of a call when last asked. */
  double callNanos() {
    return callNanos;
  }

  String engine() {
    return engine;
  }

  int threads() {
    return threads;
  }

  double operations() {
    return operations;
  }

  float[] outcome() {
    return outcome;
  }

  @Override
  public void close() {
    questions.close();
    process.destroy();
    signal("CONT");
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The names of those that take part in a row besides our own. */
  static List<String> peers(Workload workload) {
    return java.util.ServiceLoader.load(Engine.class).stream()
        .map(java.util.ServiceLoader.Provider::get)
        .filter(peer -> !peer.name().equals(ModelcEngine.NAME) && peer.runs(workload))
        .map(Engine::name)
        .sorted()
        .toList();
  }
}

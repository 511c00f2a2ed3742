package org.modelc.benchmarks.contest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * One engine in a process of its own. Arguments: engine, row, threads, folder. Answers {@code time
 * CALLS} with nanoseconds, {@code warm SECONDS} with those of a call by then.
 */
public final class EngineMain {
  /** What begins our lines among those that libraries print. */
  static final String MARK = "##";

  private EngineMain() {}

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      Workload workload = Workload.of(arguments[1]);
      Materials materials = new Materials(Path.of(arguments[3]));
      Engine.Prepared work =
          engine(arguments[0]).prepare(workload, materials, Integer.parseInt(arguments[2]));
      Path outcome =
          materials.folder().resolve(String.join("-", arguments[0], arguments[1], arguments[2]));
      write(outcome, work.outcome());
      out.println(MARK + "ready " + work.operations() + " " + outcome);
      serve(work, out);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      e.printStackTrace();
      out.println(MARK + "failed " + e);
      System.exit(1);
    }
    System.exit(0);
  }

  static Engine engine(String name) {
    for (Engine engine : ServiceLoader.load(Engine.class)) {
      if (engine.name().equals(name)) {
        return engine;
      }
    }
    throw new IllegalArgumentException("no engine " + name);
  }

  private static void write(Path file, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }

  private static void serve(Engine.Prepared work, PrintStream out) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      long nanos =
          switch (words[0]) {
            case "time" -> time(work, Integer.parseInt(words[1]));
            case "warm" -> warm(work, Double.parseDouble(words[1]));
            default -> throw new IllegalArgumentException(line);
          };
      out.println(MARK + nanos);
    }
  }

  private static long time(Engine.Prepared work, int calls) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      work.call();
    }
    return System.nanoTime() - start;
  }

  /** Calls for so long, at least thrice; a call's time at the end. */
  private static long warm(Engine.Prepared work, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long last = 0;
    for (int calls = 0; calls < 3 || System.nanoTime() < end; calls++) {
      last = time(work, 1);
    }
    return last;
  }
}

package org.modelc.comparison;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An engine in a program as its users write it, asked for one thread. {@code write NETWORK STEM}
 * makes the engine's model file; {@code first STEM INPUTS} loads it and predicts one row; {@code
 * calls STEM INPUTS SECONDS} times calls with one row; {@code work STEM INPUTS SECONDS} predicts
 * 256 rows over and over. When done, a program prints a line and waits for one, so that its files,
 * its memory and its threads can be looked at from outside.
 */
public abstract class Subject {
  private static final int BATCH = 256;
  private static final int BLOCKS = 101;
  private static final double NANOS = 1e9;

  /**
   * Makes the model file.
   *
   * @param stem the file's path but for its ending
   * @param batch rows of a call, for engines that fix them
   * @throws Exception whatever the engine throws
   */
  protected abstract void write(Network network, Path stem, int batch) throws Exception;

  /**
   * Loads the model file, for one thread.
   *
   * @throws Exception whatever the engine throws
   */
  protected abstract void load(Path stem, int inputs) throws Exception;

  /**
   * Predicts.
   *
   * @param x inputs {@code [rows, inputs]}
   * @return outputs {@code [rows, outputs]}
   * @throws Exception whatever the engine throws
   */
  protected abstract float[] predict(float[] x, int rows) throws Exception;

  /** The program. */
  protected final void run(String[] arguments) throws Exception {
    Path stem = Path.of(arguments[arguments[0].equals("write") ? 2 : 1]);
    switch (arguments[0]) {
      case "write" ->
          write(Network.read(Path.of(arguments[1])), stem, Integer.parseInt(arguments[3]));
      case "first" -> tell("first " + first(stem, Integer.parseInt(arguments[2]), 1)[0]);
      case "calls" -> {
        int inputs = Integer.parseInt(arguments[2]);
        first(stem, inputs, 1);
        tell("calls " + calls(ramp(inputs), Double.parseDouble(arguments[3])));
      }
      case "work" -> {
        int inputs = Integer.parseInt(arguments[2]);
        tell("started");
        first(stem, inputs, BATCH);
        float[] x = ramp(inputs * BATCH);
        work(x, Double.parseDouble(arguments[3]));
        tell("warm");
        work(x, Double.parseDouble(arguments[3]));
        tell("work");
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    // Some engines leave threads that keep a program alive.
    System.exit(0);
  }

  private float[] first(Path stem, int inputs, int rows) throws Exception {
    load(stem, inputs);
    return predict(ramp(rows * inputs), rows);
  }

  private static float[] ramp(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i % 17 / 16f - 0.5f;
    }
    return values;
  }

  /** Nanoseconds of a call, the median of blocks, once warm. */
  private double calls(float[] x, double seconds) throws Exception {
    long calls = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < seconds * NANOS) {
      predict(x, 1);
      calls++;
    }
    int block = (int) Math.max(1, calls / BLOCKS);
    double[] nanos = new double[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      long before = System.nanoTime();
      for (int j = 0; j < block; j++) {
        predict(x, 1);
      }
      nanos[i] = (double) (System.nanoTime() - before) / block;
    }
    Arrays.sort(nanos);
    return nanos[BLOCKS / 2];
  }

  private void work(float[] x, double seconds) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < seconds * NANOS) {
      predict(x, BATCH);
    }
  }

  private static void tell(String line) throws IOException {
    System.out.println("## " + line);
    System.out.flush();
    int answer = System.in.read();
    while (answer != '\n' && answer >= 0) {
      answer = System.in.read();
    }
  }
}

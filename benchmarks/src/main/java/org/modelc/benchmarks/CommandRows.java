package org.modelc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rows about the command line as users start it: whole processes of {@code ./modelc}, less what a
 * JVM that does nothing takes in the same run.
 */
final class CommandRows {
  private static final int RUNS = 9;
  private static final double CHECK_LIMIT_SECONDS = 0.5;
  private static final double COMPILE_LIMIT_SECONDS = 4;
  private static final double NATIVE_LIMIT_SECONDS = 5;
  private static final double ENCODER_LIMIT_SECONDS = 6;

  private final Path root;
  private final Path folder;

  /**
   * @param root the project's folder
   * @param folder takes what is built
   */
  CommandRows(Path root, Path folder) {
    this.root = root;
    this.folder = folder;
  }

  /** {@code modelc check} of the largest of the project's models. */
  Row check() {
    String model = largest().toString();
    return row("check", CHECK_LIMIT_SECONDS, modelc("check", model));
  }

  /** {@code modelc build} of the fashion network with its training step, as bytecode. */
  Row compile() {
    return compile("compile", "models/fashion/fashion.model", "jvm", COMPILE_LIMIT_SECONDS);
  }

  /** The same with native code of this platform, all instruction sets. */
  Row compileNative() {
    return compile(
        "compile-native", "models/fashion/fashion.model", "native", NATIVE_LIMIT_SECONDS);
  }

  /** An encoder with native code. */
  Row compileEncoder() {
    return compile(
        "compile-encoder", "benchmarks/models/encoder.model", "native", ENCODER_LIMIT_SECONDS);
  }

  private Row compile(String row, String model, String backend, double limit) {
    String jar = folder.resolve(row + ".jar").toString();
    String path = root.resolve(model).toString();
    return row(row, limit, modelc("build", path, "-o", jar, "--backend", backend));
  }

  private List<String> modelc(String... arguments) {
    List<String> command = new ArrayList<>(List.of(root.resolve("modelc").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private Row row(String name, double limit, List<String> command) {
    List<String> nothing =
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version");
    seconds(command); // Builds the tool if need be, and brings its files into memory.
    double[] taken = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      taken[i] = seconds(command) - seconds(nothing);
    }
    Arrays.sort(taken);
    double median = taken[RUNS / 2];
    // The second largest of nine is a 96 % bound of their median.
    MedianBound ratio = new MedianBound(limit / median, limit / taken[RUNS - 2]);
    return Row.of(name, 1, "s", median, "limit", limit, ratio, 1);
  }

  private static double seconds(List<String> command) {
    long begin = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private Path largest() {
    try (Stream<Path> files = Files.walk(root.resolve("models"), 2)) {
      return files
          .filter(file -> file.toString().endsWith(".model"))
          .max(Comparator.comparingLong((Path file) -> file.toFile().length()))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

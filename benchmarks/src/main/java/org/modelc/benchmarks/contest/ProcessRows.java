package org.modelc.benchmarks.contest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.modelc.benchmarks.MedianBound;
import org.modelc.benchmarks.Row;

/** Rows of whole processes: how fast one is up, how much memory it takes, how large its jar is. */
public final class ProcessRows {
  private static final String PEER = "onnxruntime";
  private static final int PAIRS = 15;
  private static final double JAR_LIMIT = 500;
  private static final double LOAD_LIMIT = 10;
  private static final double KILOBYTE = 1000;
  private static final double KIBIBYTES_OF_MEBIBYTE = 1024;

  private final Workload workload = Workload.of("mlp-b1");
  private final Materials.Source source;
  private final Materials materials;
  private final boolean withPeers;

  /**
   * @param source where our programs come from
   * @param folder for files that engines share; only of this run
   * @param withPeers whether the peer takes part
   */
  public ProcessRows(Materials.Source source, Path folder, boolean withPeers) {
    this.source = source;
    this.materials = new Materials(folder);
    this.withPeers = withPeers;
  }

  /** From {@code java}'s launch to the first prediction and to its end. */
  public Row coldStart() {
    return row("cold-start", "ms", 2.9, ProcessRows::milliseconds);
  }

  /** Peak resident memory of that process. */
  public Row resident() {
    return row("resident", "MiB", 1.2, ProcessRows::peakMemory);
  }

  /** Milliseconds that the native library takes in a process that has just begun. */
  public Row libraryLoad() {
    Materials.make(source, workload, materials.folder());
    try {
      List<String> command =
          java(JarProgram.LIBRARY_LOAD.compile(materials.folder(), materials.jar(workload)));
      List<Double> taken = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int run = 0; run <= PAIRS; run++) {
        double milliseconds = Double.parseDouble(run(command).strip());
        if (run > 0) {
          taken.add(milliseconds);
          ratios.add(LOAD_LIMIT / milliseconds);
        }
      }
      double median = MedianBound.of(taken).median();
      MedianBound ratio = MedianBound.of(ratios);
      return Row.of("library-load", 1, "ms", median, "limit", LOAD_LIMIT, ratio, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A figure of one run; less is better. */
  private interface Figure {
    double of(List<String> command) throws IOException;
  }

  private Row row(String name, String unit, double required, Figure figure) {
    Materials.make(source, workload, materials.folder());
    try {
      List<String> ours = command(ModelcEngine.NAME);
      List<String> theirs = withPeers ? command(PEER) : null;
      List<Double> our = new ArrayList<>();
      List<Double> their = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int pair = 0; pair <= PAIRS; pair++) {
        double first = figure.of(ours);
        double second = theirs == null ? 0 : figure.of(theirs);
        // The first pair reads the files from the disk.
        if (pair > 0) {
          our.add(first);
          their.add(second);
          ratios.add(second / first);
        }
      }
      double median = MedianBound.of(our).median();
      double peer = MedianBound.of(their).median();
      MedianBound ratio = MedianBound.of(ratios);
      String peerName = theirs == null ? "none" : PEER;
      return Row.of(name, 1, unit, median, peerName, peer, ratio, required);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(String engine) throws IOException {
    return java(EngineMain.engine(engine).firstPrediction(workload, materials));
  }

  private static List<String> java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    return command;
  }

  private static double milliseconds(List<String> command) throws IOException {
    long start = System.nanoTime();
    run(command);
    return (System.nanoTime() - start) / 1e6;
  }

  private static double peakMemory(List<String> command) throws IOException {
    List<String> asked = new ArrayList<>(command);
    asked.add("memory");
    String[] lines = run(asked).split("\\R");
    // VmHWM:     74200 kB
    String[] words = lines[lines.length - 1].split("\\s+");
    return Double.parseDouble(words[1]) / KIBIBYTES_OF_MEBIBYTE;
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return output;
  }

  /** The jar beyond its parameters, with the runtime in it. */
  public Row jar() {
    Materials.make(source, workload, materials.folder());
    Path jar = materials.jar(workload);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      long parameters =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".safetensors"))
              .mapToLong(java.util.zip.ZipEntry::getCompressedSize)
              .sum();
      double size = (Files.size(jar) - parameters) / KILOBYTE;
      double ratio = JAR_LIMIT / size;
      return Row.of("jar", 1, "KB", size, "limit", JAR_LIMIT, new MedianBound(ratio, ratio), 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

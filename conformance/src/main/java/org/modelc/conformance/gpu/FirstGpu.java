package org.modelc.conformance.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.compiler.CallBenchmark;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.data.Readers;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;
import org.modelc.runtime.train.Measures;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.typed.Learning;

/**
 * Jars built for GPUs, held against their own bytecode on the machine at hand and that against what
 * it gave where the jars were made: every function over several sizes, a training to accuracy where
 * the data is there, and how long calls take.
 */
public final class FirstGpu {
  /** Of the largest element; three products of tf32 lose less. */
  private static final double TOLERANCE = 1e-3;

  /** Bytecode rounds alike everywhere, so that this is room for nothing but a mistake here. */
  private static final double BYTECODE_TOLERANCE = 1e-6;

  private static final int[] BATCHES = {1, 32, 256};

  private final PrintStream out;
  private boolean failed;

  /**
   * @param out takes the result, line by line
   */
  public FirstGpu(PrintStream out) {
    this.out = out;
  }

  /**
   * @param arguments the folder of the jars, and of the data that their files name; {@code expect}
   *     before it writes what the jars' bytecode gives on this machine, which is then expected of
   *     others
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("expect")) {
      expect(Path.of(arguments[1]));
      return;
    }
    FirstGpu asked = new FirstGpu(System.out);
    asked.all(Path.of(arguments[0]));
    System.exit(asked.failed ? 1 : 0);
  }

  /** Whether anything was not as it should be. */
  public boolean failed() {
    return failed;
  }

  /** Writes what jars' bytecode gives beside each. */
  public static void expect(Path folder) throws IOException {
    for (Path jar : jars(folder)) {
      Outputs.write(jar);
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      files.forEach(jars::add);
    }
    jars.sort(null);
    return jars;
  }

  /** Asks all jars of a folder. */
  public void all(Path folder) throws IOException {
    for (Path jar : jars(folder)) {
      try {
        one(jar);
      } catch (ModelcException e) {
        say("FAILED %s: %s (%s)", jar.getFileName(), e.getMessage(), e.hint());
        failed = true;
      }
    }
    say(failed ? "FAILED" : "all is as it should be");
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private void one(Path jar) {
    Model model = ModelArchive.open(jar).model();
    String backend = model.programs().code().backend();
    say("%s runs as %s", jar.getFileName(), backend);
    if (!backend.startsWith("cuda")) {
      failed = true;
      return;
    }
    Map<String, Tensor> expected = Outputs.read(jar);
    Model plain = Outputs.bytecode(jar);
    for (FunctionSpec function : model.manifest().functions()) {
      agree(function, model, plain, expected);
      for (int batch : BATCHES) {
        CallBenchmark timed = CallBenchmark.run(model.programs(), function.program(), batch, 1);
        say("  %s, batch %d: median %.1f µs", function.name(), batch, timed.medianMicros());
      }
    }
    train(model, jar.toAbsolutePath().getParent());
  }

  /**
   * The device against bytecode here, and bytecode here against bytecode where the jar was made.
   */
  private void agree(
      FunctionSpec function, Model model, Model plain, Map<String, Tensor> expected) {
    Frame ours = model.programs().frame(function.program());
    Frame theirs = plain.programs().frame(function.program());
    double worst = 0;
    double elsewhere = 0;
    for (int size : Outputs.SIZES) {
      Map<String, Tensor> here = Outputs.of(function, theirs, size);
      worst = Math.max(worst, Outputs.difference(Outputs.of(function, ours, size), here));
      elsewhere = Math.max(elsewhere, Outputs.difference(here, expected));
    }
    verdict(function.name(), "", "bytecode", worst, TOLERANCE);
    verdict(function.name(), " of bytecode", "the expected outputs", elsewhere, BYTECODE_TOLERANCE);
  }

  private void verdict(String name, String whose, String other, double worst, double tolerance) {
    boolean isClose = worst <= tolerance;
    failed |= !isClose;
    String verdict = isClose ? "agrees with " : "FAILED: differs from ";
    say("  %s%s %s%s: %.2g of the largest element", name, whose, verdict, other, worst);
  }

  private void train(Model model, Path folder) {
    var data = model.manifest().data();
    boolean isThere =
        data != null
            && data.sources().stream()
                .flatMap(source -> source.paths().values().stream())
                .allMatch(path -> Files.exists(folder.resolve(path)));
    if (!isThere) {
      say("  no training: there is no data beside the jar");
      return;
    }
    DataSplits rows =
        DataPreparation.prepare(
            data, Readers.openAll(data, folder.toAbsolutePath(), new ArrayList<>()));
    long start = System.nanoTime();
    Model learned =
        Learning.train(
            model,
            rows.train(),
            rows.validation(),
            TrainingOptions.defaults(),
            TrainingListener.SILENT);
    double seconds = (System.nanoTime() - start) / 1e9;
    var measured = new Measures(learned.manifest(), learned.programs()).of(rows.measured());
    say("  trained in %.1f s: %s, before: %s", seconds, measured.metrics(), measured.baselines());
    for (RequirementSpec each : model.manifest().recipe().requirements()) {
      Double value = measured.metrics().get(each.name());
      if (value != null) {
        boolean isMet = isMet(each, value);
        failed |= !isMet;
        String begin = isMet ? "  required" : "  FAILED: required";
        say("%s %s %s %s, is %s", begin, each.name(), each.comparison(), each.limit(), value);
      }
    }
  }

  /** A value that is not a number meets nothing. */
  private static boolean isMet(RequirementSpec each, double value) {
    return switch (each.comparison()) {
      case ">=" -> value >= each.limit();
      case ">" -> value > each.limit();
      case "<=" -> value <= each.limit();
      case "<" -> value < each.limit();
      default -> throw new IllegalArgumentException("comparison " + each.comparison());
    };
  }
}

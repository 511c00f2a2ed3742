package org.modelc.conformance.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.modelc.compiler.CallBenchmark;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.data.Readers;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.cuda.CudaCode;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.train.Measures;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.typed.Learning;

/**
 * Jars built for GPUs, held against their own bytecode on the machine at hand: every function over
 * several sizes, a training to accuracy where the data is there, and how long calls take.
 */
public final class FirstGpu {
  /** Of the largest element; three products of tf32 lose less. */
  private static final double TOLERANCE = 1e-3;

  private static final int[] SIZES = {1, 13, 64, 13, 64, 64};
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
   * @param arguments the folder of the jars, and of the data that their files name
   */
  public static void main(String[] arguments) throws IOException {
    FirstGpu asked = new FirstGpu(System.out);
    asked.all(Path.of(arguments[0]));
    System.exit(asked.failed ? 1 : 0);
  }

  /** Whether anything was not as it should be. */
  public boolean failed() {
    return failed;
  }

  /** Asks all jars of a folder. */
  public void all(Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      files.forEach(jars::add);
    }
    jars.sort(null);
    for (Path jar : jars) {
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
    Model plain = bytecode(jar);
    for (FunctionSpec function : model.manifest().functions()) {
      agree(function, model, plain);
      for (int batch : BATCHES) {
        CallBenchmark timed = CallBenchmark.run(model.programs(), function.program(), batch, 1);
        say("  %s, batch %d: median %.1f µs", function.name(), batch, timed.medianMicros());
      }
    }
    train(model, jar.toAbsolutePath().getParent());
  }

  private static Model bytecode(Path jar) {
    String before = System.getProperty(CudaCode.PROPERTY, "");
    System.setProperty(CudaCode.PROPERTY, "off");
    try {
      return ModelArchive.open(jar).model();
    } finally {
      System.setProperty(CudaCode.PROPERTY, before);
    }
  }

  private void agree(FunctionSpec function, Model model, Model plain) {
    Frame ours = model.programs().frame(function.program());
    Frame theirs = plain.programs().frame(function.program());
    double worst = 0;
    for (int size : SIZES) {
      run(ours, size);
      run(theirs, size);
      for (int output : ours.program().positions(Role.OUTPUT)) {
        Buffer buffer = ours.program().abi().buffers().get(output);
        if (buffer.updates() == null && buffer.dtype() != DType.I32) {
          Object expected = theirs.array(buffer.name());
          worst = Math.max(worst, difference(ours.array(output), expected, ours.size(output)));
        }
      }
    }
    boolean isClose = worst <= TOLERANCE;
    failed |= !isClose;
    String verdict = isClose ? "agrees with bytecode" : "FAILED: differs from bytecode";
    say("  %s %s: %.2g of the largest element", function.name(), verdict, worst);
  }

  private static void run(Frame frame, int size) {
    Random random = new Random(size);
    frame.program().abi().dims().forEach(dim -> frame.dim(dim, size));
    for (int input : frame.program().positions(Role.INPUT)) {
      Buffer buffer = frame.program().abi().buffers().get(input);
      java.util.Map<String, Integer> dims = new java.util.HashMap<>();
      buffer.size().symbols().forEach(dim -> dims.put(dim, size));
      int count = (int) buffer.size().evaluate(dims);
      Object array = Tensor.newArray(buffer.dtype(), count);
      for (int i = 0; i < count && array instanceof float[] floats; i++) {
        floats[i] = random.nextFloat();
      }
      frame.bind(input, array);
    }
    frame.run();
  }

  private static double difference(Object actual, Object expected, int size) {
    double most = 0;
    double largest = 1e-30;
    for (int i = 0; i < size; i++) {
      double value = Array.getDouble(expected, i);
      double difference = Math.abs(Array.getDouble(actual, i) - value);
      most = Math.max(most, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      largest = Math.max(largest, Math.abs(value));
    }
    return most / largest;
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
    model
        .manifest()
        .recipe()
        .requirements()
        .forEach(
            each -> {
              Double value = measured.metrics().get(each.name());
              if (value != null) {
                say(
                    "  required %s %s %s, is %s",
                    each.name(), each.comparison(), each.limit(), value);
              }
            });
  }
}

package org.modelc.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.modelc.benchmarks.contest.Contest;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.benchmarks.contest.ProcessRows;
import org.modelc.benchmarks.contest.Workload;
import org.modelc.compiler.Backend;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.KernelProfile;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.UncalibratedCompression;

/**
 * The benchmark's rows. Those against the machine's peak run in this process; those against other
 * engines as {@link Contest} says. {@code required} is what the project promises.
 */
public final class Rows {
  private final Options options;
  private final Path folder;

  private Rows(Options options, Path folder) {
    this.options = options;
    this.folder = folder;
  }

  /** Prints the rows. */
  public static void main(String[] arguments) {
    try {
      Options options = Options.parse(arguments);
      Path folder = Files.createTempDirectory("modelc-benchmarks");
      try {
        new Rows(options, folder).print();
      } finally {
        delete(folder);
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + System.lineSeparator() + Options.USAGE);
      System.exit(2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Jars, parameters and logs of a run: an encoder's are 100 MB. */
  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void print() {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Map<String, Supplier<List<Row>>> all = all();
    for (String name : options.rows()) {
      if (!all.containsKey(name)) {
        throw new IllegalArgumentException("no row '" + name + "'; there are " + all.keySet());
      }
    }
    if (options.profile()) {
      profile(out);
      return;
    }
    if (options.format() == Options.Format.MARKDOWN) {
      out.println(Row.markdownHead());
    }
    for (String name : options.rows().isEmpty() ? all.keySet() : options.rows()) {
      for (Row row : all.get(name).get()) {
        out.println(
            switch (options.format()) {
              case TEXT -> row.text();
              case JSON -> row.json();
              case MARKDOWN -> row.markdown();
            });
      }
    }
  }

  private void profile(PrintStream out) {
    Materials.Source source = new Materials.Source(models(), compileOptions());
    for (String name : options.rows()) {
      Workload workload = Workload.of(name);
      Compilation compilation = compilation(workload, source);
      for (int threads : options.threads()) {
        out.println(name + ", " + threads + " threads");
        KernelProfile.of(compilation, workload.program(), workload.dims(), threads)
            .table()
            .forEach(out::println);
      }
    }
  }

  private Compilation compilation(Workload workload, Materials.Source source) {
    ModelSource text = Materials.source(source, workload, folder);
    return workload.isCompressed()
        ? UncalibratedCompression.compile(text, source.options(), List.of(workload.compression()))
        : Compiler.compile(text, source.options());
  }

  private Map<String, Supplier<List<Row>>> all() {
    PeakRows peak = new PeakRows(options.seconds());
    Map<String, Supplier<List<Row>>> rows = new LinkedHashMap<>();
    add(rows, "tiny-mlp", peak::tiny);
    add(rows, "tiny-mlp-allocation", peak::tinyAllocation);
    add(rows, "mlp-step", peak::step);
    add(rows, "mlp-step-scaling", peak::scaling);
    add(rows, "gemm-512", () -> peak.product("gemm-512", 512, 512, 512));
    add(rows, "gemm-128x384x384", () -> peak.product("gemm-128x384x384", 128, 384, 384));
    CommandRows commands = new CommandRows(models().getParent().getParent(), folder);
    add(rows, "check", commands::check);
    add(rows, "compile", commands::compile);
    add(rows, "compile-native", commands::compileNative);
    add(rows, "compile-encoder", commands::compileEncoder);
    Materials.Source source = new Materials.Source(models(), compileOptions());
    Contest contest = new Contest(source, folder, options.seconds(), options.peers());
    for (Workload workload : Workload.all()) {
      append(rows, workload.row(), () -> contest.run(workload, options.threads()));
    }
    ProcessRows processes = new ProcessRows(source, folder, options.peers());
    add(rows, "cold-start", processes::coldStart);
    add(rows, "library-load", processes::libraryLoad);
    add(rows, "resident", processes::resident);
    add(rows, "jar", processes::jar);
    return rows;
  }

  private static void add(Map<String, Supplier<List<Row>>> rows, String name, Supplier<Row> row) {
    rows.put(name, () -> List.of(row.get()));
  }

  /** A name may have a row of the peak and rows of peers. */
  private static void append(
      Map<String, Supplier<List<Row>>> rows, String name, Supplier<List<Row>> more) {
    Supplier<List<Row>> first = rows.getOrDefault(name, List::of);
    rows.put(
        name,
        () -> {
          List<Row> all = new ArrayList<>(first.get());
          all.addAll(more.get());
          return all;
        });
  }

  private CompileOptions compileOptions() {
    CompileOptions defaults = CompileOptions.defaults();
    return options.backend() == null
        ? defaults
        : defaults.withBackend(Backend.valueOf(options.backend().toUpperCase(Locale.ROOT)));
  }

  /** The models' folder, from wherever this runs in the project. */
  static Path models() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("benchmarks/models"))) {
      here = here.getParent();
      if (here == null) {
        throw new IllegalStateException("no folder benchmarks/models here or above");
      }
    }
    return here.resolve("benchmarks/models");
  }
}

package org.modelc.benchmarks.peers.comparison;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.modelc.benchmarks.contest.Materials;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;

/**
 * Compares engines by what their users have to live with. Runs in the project's folder, on Linux;
 * {@code --json} prints objects in place of the page, {@code --engines a,b} takes those modules
 * alone.
 */
public final class Comparison {
  private final Path folder;
  private final Path networks;

  private Comparison(Path folder) throws IOException {
    this.folder = folder;
    this.networks = Files.createDirectories(folder.resolve("networks"));
  }

  /** Prints the page. */
  public static void main(String[] arguments) throws IOException {
    List<String> given = List.of(arguments);
    int engines = given.indexOf("--engines");
    List<String> wanted = engines < 0 ? List.of() : List.of(given.get(engines + 1).split(","));
    Path folder = Files.createTempDirectory("modelc-comparison");
    try {
      ComparisonPage page = new ComparisonPage(new Comparison(folder).run(wanted));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.print(given.contains("--json") ? page.json() : page.markdown());
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private List<Findings> run(List<String> wanted) throws IOException {
    Contender.ModelJars bytecode = jars("bytecode", Backend.JVM);
    Contender.ModelJars nativeCode = jars("native", Backend.NATIVE);
    List<Findings> findings = new ArrayList<>();
    double logit = Double.NaN;
    for (Contender contender : Contender.all(bytecode, nativeCode)) {
      if (!wanted.isEmpty() && !wanted.contains(contender.module())) {
        continue;
      }
      System.err.println(contender.title());
      prepare(contender);
      Path places = Files.createDirectories(folder.resolve(contender.title().replace(' ', '-')));
      Inspection.Result result = new Inspection(contender, networks, places).run(logit);
      logit = result.logit();
      findings.add(result.findings());
    }
    return findings;
  }

  private Contender.ModelJars jars(String name, Backend backend) throws IOException {
    Path jars = Files.createDirectories(folder.resolve(name));
    Materials.Source source =
        new Materials.Source(
            Path.of("benchmarks", "models"), CompileOptions.defaults().withBackend(backend));
    Materials materials = new Materials(folder.resolve(name + "-materials"));
    for (Networks network : Networks.values()) {
      Materials.make(source, network.workload(), materials.folder());
      network.write(materials, networks);
      Files.copy(materials.jar(network.workload()), jars.resolve(network.row() + ".jar"));
    }
    return new Contender.ModelJars(jars);
  }

  /** Has the engine write its model files, which is not measured. */
  private void prepare(Contender contender) throws IOException {
    if (contender.jar() != null || contender.module().equals("onnxruntime")) {
      return;
    }
    for (Networks network : Networks.values()) {
      List<String> arguments =
          List.of(
              "write",
              networks.resolve(network.row()).toString(),
              networks.resolve(network.stem(contender)).toString(),
              Integer.toString(network.workload().dims().get("B")));
      Path places = Files.createDirectories(folder.resolve("preparation"));
      new SubjectProcess(contender, network.row(), places, arguments).close();
    }
  }
}

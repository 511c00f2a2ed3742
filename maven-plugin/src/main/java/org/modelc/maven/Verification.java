package org.modelc.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.compiler.CallBenchmark;
import org.modelc.compiler.Evaluation;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;

/** Measures a model jar and holds the figures against its requirements and a baseline. */
final class Verification {
  private static final String LATENCY = "latency, in probes";
  private static final String JAR = "jar, bytes";
  private static final String MEMORY = "memory, bytes";
  private static final int ATTEMPTS = 3;

  private final ModelArchive jar;
  private final ModelManifest manifest;
  private final Path dataFolder;
  private final Baseline baseline;
  private final Tolerances tolerances;

  /**
   * Prepares.
   *
   * @param dataFolder where the paths of the model's data block start
   */
  Verification(ModelArchive jar, Path dataFolder, Baseline baseline, Tolerances tolerances) {
    this.jar = jar;
    this.manifest = jar.model().manifest();
    this.dataFolder = dataFolder;
    this.baseline = baseline;
    this.tolerances = tolerances;
  }

  /** Measures everything: test measures, latency of the first function, jar, memory. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    metrics()
        .forEach(
            (name, value) -> {
              if (!name.equals("loss")) {
                figures.add(metric(name, value));
              }
            });
    figures.add(atMost(JAR, jar.sizeWithoutRuntime(), tolerances.size(), requirement("jar")));
    CallBenchmark first = measured();
    figures.add(
        atMost(MEMORY, memory(first.peakBytes()), tolerances.size(), requirement("memory")));
    figures.addAll(latency(first));
    return figures;
  }

  private Map<String, Double> metrics() {
    if (manifest.recipe() == null || manifest.data() == null) {
      return Map.of();
    }
    Evaluation evaluation =
        manifest.recipe().folds() > 0 ? Evaluation.recorded(jar) : Evaluation.of(jar, dataFolder);
    Map<String, Double> test = evaluation.metrics().get("test");
    return test == null ? new LinkedHashMap<>() : test;
  }

  private Figure metric(String name, double value) {
    boolean higher = Metrics.of(measure(name)).higherIsBetter();
    double was = baseline.was(name);
    double slack = tolerances.metrics() * Math.abs(was);
    double relative = higher ? was - slack : was + slack;
    return figure(name, value, relative, requirement(name), higher);
  }

  /** The measure's kind; a recipe may call a figure otherwise. */
  private String measure(String figure) {
    return manifest.recipe().measures().stream()
        .filter(each -> each.name().equals(figure))
        .map(each -> each.kind())
        .findFirst()
        .orElse(figure);
  }

  private Figure atMost(String name, double value, double factor, double required) {
    return figure(name, value, factor * baseline.was(name), required, false);
  }

  /** The stricter of both limits holds. */
  private Figure figure(
      String name, double value, double relative, double required, boolean higher) {
    boolean byRecipe =
        Double.isNaN(relative) || (higher ? required >= relative : required <= relative);
    return new Figure(
        name,
        baseline.was(name),
        value,
        byRecipe ? required : relative,
        higher,
        byRecipe ? "the model file requires it" : "against the baseline");
  }

  private double requirement(String name) {
    return manifest.recipe() == null
        ? Double.NaN
        : manifest.recipe().requirements().stream()
            .filter(each -> each.name().equals(name))
            .mapToDouble(Verification::limit)
            .findFirst()
            .orElse(Double.NaN);
  }

  private static double limit(RequirementSpec spec) {
    return switch (spec.comparison()) {
      case ">" -> Math.nextUp(spec.limit());
      case "<" -> Math.nextDown(spec.limit());
      default -> spec.limit();
    };
  }

  private CallBenchmark measured() {
    String program = manifest.functions().get(0).program();
    return CallBenchmark.run(jar.model().programs(), program, 1, 1);
  }

  /** Parameters, states and the workspace of one call. */
  private double memory(long workspace) {
    return workspace
        + jar.model().tensors().values().stream()
            .mapToLong(tensor -> (long) tensor.size() * tensor.dtype().bytes())
            .sum();
  }

  /** A busy machine makes calls slow, never fast: the best of some attempts counts. */
  private List<Figure> latency(CallBenchmark first) {
    double probes = first.medianMicros() / Probe.micros();
    double micros = first.medianMicros();
    List<Figure> figures = latency(probes, micros);
    for (int i = 1; i < ATTEMPTS && !figures.stream().allMatch(Figure::passes); i++) {
      double again = measured().medianMicros();
      probes = Math.min(probes, again / Probe.micros());
      micros = Math.min(micros, again);
      figures = latency(probes, micros);
    }
    return figures;
  }

  private List<Figure> latency(double probes, double micros) {
    Figure relative = atMost(LATENCY, probes, tolerances.latency(), Double.NaN);
    double required = requirement("latency");
    if (Double.isNaN(required)) {
      return List.of(relative);
    }
    return List.of(
        relative,
        new Figure(
            "latency, µs",
            baseline.was("latency, µs"),
            micros,
            required,
            false,
            "the model file requires it"));
  }
}

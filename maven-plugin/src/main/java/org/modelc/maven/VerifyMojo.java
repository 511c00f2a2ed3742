package org.modelc.maven;

import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.modelc.compiler.jar.ModelArchive;

/**
 * Measures models and fails the build if one has become worse: measures on test rows, latency, size
 * of the jar, memory of a call, against the model file's requirements and a stored baseline. Where
 * no baseline is stored, today's figures become it.
 */
@Mojo(name = "verify", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class VerifyMojo extends ModelMojo {
  /** Where baselines are stored; to be committed. */
  @Parameter(property = "modelc.baselines", defaultValue = "${project.basedir}/.modelc")
  private java.io.File baselineDirectory;

  /** Makes today's figures the baseline. */
  @Parameter(property = "modelc.updateBaseline", defaultValue = "false")
  private boolean updateBaseline;

  /** The share of its stored value that a measure may lose. */
  @Parameter(property = "modelc.tolerance.metrics", defaultValue = "0.02")
  private double metricsTolerance;

  /** How many times the stored latency is let pass. */
  @Parameter(property = "modelc.tolerance.latency", defaultValue = "1.5")
  private double latencyTolerance;

  /** How many times the stored sizes of jar and memory are let pass. */
  @Parameter(property = "modelc.tolerance.size", defaultValue = "1.1")
  private double sizeTolerance;

  @Override
  void run(BuildSettings settings, List<ModelUnit> units) throws MojoFailureException {
    ModelBuild build = build(settings);
    Tolerances tolerances = new Tolerances(metricsTolerance, latencyTolerance, sizeTolerance);
    StringBuilder worse = new StringBuilder();
    for (ModelUnit unit : units) {
      Path file = Baseline.file(baselineDirectory.toPath(), unit.name());
      Baseline baseline = updateBaseline ? Baseline.NONE : Baseline.read(file);
      ModelArchive jar = build.open(unit);
      List<Figure> figures =
          new Verification(jar, unit.source().folder(), baseline, tolerances).figures();
      String table = table(unit, figures);
      if (!figures.stream().allMatch(Figure::passes)) {
        worse.append('\n').append(table);
        continue;
      }
      table.lines().forEach(getLog()::info);
      store(build, unit, baseline, figures, file);
    }
    if (worse.length() > 0) {
      throw new MojoFailureException(
          "models have become worse"
              + worse
              + "\n  hint: if that is meant, -Dmodelc.updateBaseline stores today's figures");
    }
  }

  private void store(
      ModelBuild build, ModelUnit unit, Baseline baseline, List<Figure> figures, Path file) {
    if (!build.isTrained(unit) && unit.outline().isTrained()) {
      getLog().warn(unit.name() + " is not trained; no baseline is stored");
    } else if (baseline.isEmpty()) {
      Baseline.of(figures).write(file);
      getLog().info("these figures are the baseline from now on: commit " + file);
    }
  }

  private static String table(ModelUnit unit, List<Figure> figures) {
    StringBuilder text = new StringBuilder(unit.name()).append('\n').append(Figure.header());
    figures.forEach(figure -> text.append('\n').append(figure.line()));
    return text.toString();
  }
}

package org.modelc.maven;

import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.modelc.compiler.Evaluation;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.report.ReportData;

/**
 * Trains models whose text, data, compiler or settings changed since their training was kept; puts
 * out the kept parameters of the others. Fails if a model does not meet its requirements.
 */
@Mojo(
    name = "train",
    defaultPhase = LifecyclePhase.GENERATE_RESOURCES,
    requiresDependencyResolution = ResolutionScope.COMPILE,
    threadSafe = true)
public final class TrainMojo extends ModelMojo {
  /** Only warns of requirements that are not met. */
  @Parameter(property = "modelc.ignoreRequirements", defaultValue = "false")
  private boolean ignoreRequirements;

  @Override
  void run(BuildSettings settings, List<ModelUnit> units) throws MojoFailureException {
    if (units.isEmpty()) {
      return;
    }
    requireRuntime();
    ModelBuild build = build(settings);
    StringBuilder unmet = new StringBuilder();
    for (ModelUnit unit : units) {
      if (build.train(unit)) {
        unmet(unit, ModelArchive.open(build.built(unit).jar()), unmet);
      }
    }
    addOutputs(settings);
    if (unmet.length() > 0 && !ignoreRequirements) {
      throw new MojoFailureException("requirements are not met" + unmet);
    }
    if (unmet.length() > 0) {
      getLog().warn("requirements are not met" + unmet);
    }
  }

  private static void unmet(ModelUnit unit, ModelArchive jar, StringBuilder text) {
    for (ReportData.Requirement each : Evaluation.recorded(jar).requirements()) {
      if (!each.met()) {
        text.append(
            String.format(
                java.util.Locale.ROOT,
                "%n  %s: require %s, reached %.6g",
                unit.name(),
                each.text(),
                each.value()));
      }
    }
  }
}

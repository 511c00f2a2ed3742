package org.modelc.maven;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/**
 * Compiles models to typed classes and resources. A model whose text, data, compiler and settings
 * are as they were is left alone. Parameters are those of a kept training of the same inputs, else
 * freshly drawn: the {@code train} goal trains.
 */
@Mojo(
    name = "compile",
    defaultPhase = LifecyclePhase.GENERATE_SOURCES,
    requiresDependencyResolution = ResolutionScope.COMPILE,
    threadSafe = true)
public final class CompileMojo extends ModelMojo {
  @Override
  void run(BuildSettings settings, List<ModelUnit> units) {
    ModelBuild build = build(settings);
    build.retain(units);
    if (!units.isEmpty()) {
      requireRuntime();
      units.forEach(build::compile);
      addOutputs(settings);
    }
  }
}

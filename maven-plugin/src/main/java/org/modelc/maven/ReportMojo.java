package org.modelc.maven;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Puts the pages of the kept trainings among the project's reports. */
@Mojo(name = "report", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class ReportMojo extends ModelMojo {
  /** Where the pages go. */
  @Parameter(
      property = "modelc.reports",
      defaultValue = "${project.build.directory}/reports/modelc")
  private File reportDirectory;

  @Override
  void run(BuildSettings settings, List<ModelUnit> units) {
    for (ModelUnit unit : units) {
      KeptModel kept = new KeptModel(settings.cache(), unit.name());
      if (!Files.isRegularFile(kept.report())) {
        getLog().warn(unit.name() + " has no training to report on; modelc:train trains it");
        continue;
      }
      Path page = reportDirectory.toPath().resolve(kept.report().getFileName());
      copy(kept.report(), page);
      getLog().info("report: " + page);
      if (!kept.isOf(Fingerprint.of(unit, settings))) {
        getLog().warn(unit.name() + " has changed since this training");
      }
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}

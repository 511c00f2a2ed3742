package org.modelc.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.jar.Publishing;
import org.modelc.compiler.schedule.ScheduleFile;

/** A project's folder with models, and what its goals say. */
final class TestProject extends SystemStreamLog {
  private final Path folder;
  private final List<String> said = new ArrayList<>();
  private Publishing publishing = Publishing.NOTHING;
  private ScheduleFile schedules = ScheduleFile.NONE;
  private final Compilations compilations = new Compilations();

  TestProject(Path folder) {
    this.folder = folder;
  }

  /** A line through points: y = 2a + 1, learned in an instant. */
  static String line(String name) {
    return """
        /// A line through points.
        model %1$s {
            input x = standardized(a)
            fn y(x: f32[B, F]) -> f32[B] {
                param weight: f32[F, 1] = zeros()
                param bias: f32[1] = zeros()
                squeeze(x @ weight + bias, -1)
            }
            export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
            fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
        }
        data points { rows = csv("line.csv") split 75%% / 0%% / 25%% ordered }
        train %1$s on points {
            minimize loss with sgd(0.2)
            batch 6   epochs 60
            measure r2(predict.y, target)
            require r2 >= 0.99
        }
        """
        .formatted(name);
  }

  static final String POINTS = "a,target\n0,1\n1,3\n2,5\n3,7\n4,9\n5,11\n6,13\n7,15\n";

  Path write(String path, String text) {
    Path file = folder.resolve("src/main/model").resolve(path);
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** What goals of one build hand on. */
  Compilations compilations() {
    return compilations;
  }

  /** From now on models are put out under these terms. */
  void publish(Publishing terms) {
    publishing = terms;
  }

  /** From now on models are compiled with these schedules. */
  void schedule(ScheduleFile file) {
    schedules = file;
  }

  BuildSettings settings() {
    return settings(false);
  }

  BuildSettings settings(boolean externalData) {
    return new BuildSettings(
        folder.resolve("src/main/model"),
        CompileOptions.defaults().withBackend(Backend.JVM).withSchedules(schedules),
        folder.resolve(".modelc"),
        folder.resolve("target/modelc"),
        folder.resolve("target/generated-sources/modelc"),
        folder.resolve("target/generated-resources/modelc"),
        folder,
        externalData,
        0,
        1,
        publishing);
  }

  List<ModelUnit> units() {
    return new ModelUnits(settings()).find();
  }

  ModelBuild build() {
    return new ModelBuild(settings(), this, compilations);
  }

  Path source(String path) {
    return settings().sources().resolve(path);
  }

  Path resource(String path) {
    return settings().resources().resolve(path);
  }

  /** What was said since the last time it was asked. */
  List<String> said() {
    List<String> lines = List.copyOf(said);
    said.clear();
    return lines;
  }

  @Override
  public void info(CharSequence text) {
    said.add(text.toString());
  }

  @Override
  public void warn(CharSequence text) {
    said.add(text.toString());
  }
}

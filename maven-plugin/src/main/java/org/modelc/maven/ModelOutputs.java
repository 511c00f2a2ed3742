package org.modelc.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.modelc.compiler.jar.LooseModel;

/**
 * The generated sources and resources of a project's models. Files that would not change are not
 * touched, so that what comes after compiles no more than it must.
 */
final class ModelOutputs {
  private static final String LIST = ".outputs";

  private final BuildSettings settings;

  ModelOutputs(BuildSettings settings) {
    this.settings = settings;
  }

  /** Whether all that was written for a model is still there. */
  boolean areComplete(String model) {
    List<Path> files = listed(list(model));
    return !files.isEmpty() && files.stream().allMatch(Files::isRegularFile);
  }

  /** Writes a model's files and deletes those that it no longer has. */
  void write(String model, LooseModel loose) {
    List<Path> files = new ArrayList<>();
    Path source = settings.sources().resolve(loose.className().replace('.', '/') + ".java");
    writeChanged(source, loose.source().getBytes(StandardCharsets.UTF_8), files);
    loose
        .resources()
        .forEach((name, bytes) -> writeChanged(settings.resources().resolve(name), bytes, files));
    for (Path old : listed(list(model))) {
      if (!files.contains(old)) {
        KeptModel.delete(old);
      }
    }
    String text = files.stream().map(Path::toString).collect(Collectors.joining("\n", "", "\n"));
    KeptModel.write(list(model), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Deletes the files of models that are gone. */
  void retain(Set<String> models) {
    if (!Files.isDirectory(settings.output())) {
      return;
    }
    try (Stream<Path> files = Files.list(settings.output())) {
      for (Path list : files.filter(file -> file.toString().endsWith(LIST)).toList()) {
        String name = list.getFileName().toString();
        if (!models.contains(name.substring(0, name.length() - LIST.length()))) {
          listed(list).forEach(KeptModel::delete);
          KeptModel.delete(list);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Path list(String model) {
    return settings.output().resolve(model + LIST);
  }

  private static List<Path> listed(Path list) {
    return Files.isRegularFile(list)
        ? KeptModel.lines(list).stream().map(Path::of).toList()
        : List.of();
  }

  private static void writeChanged(Path file, byte[] bytes, List<Path> files) {
    files.add(file);
    try {
      if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
        KeptModel.write(file, bytes);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

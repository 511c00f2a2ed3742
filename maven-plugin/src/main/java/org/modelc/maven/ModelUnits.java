package org.modelc.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.ModelOutline;
import org.modelc.compiler.ModelSource;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.runtime.ModelcException;

/** Finds the models of a project. */
final class ModelUnits {
  private static final String SUFFIX = ".model";

  private final BuildSettings settings;

  ModelUnits(BuildSettings settings) {
    this.settings = settings;
  }

  /**
   * Every model of every file, by path.
   *
   * @throws DiagnosticException if a file has errors, or two models have one name
   * @throws ModelcException if data lies outside the project without leave
   */
  List<ModelUnit> find() {
    List<ModelUnit> units = new ArrayList<>();
    List<Diagnostic> mistakes = new ArrayList<>();
    for (Path file : files()) {
      try {
        ModelSource source = ModelSource.read(file);
        for (ModelOutline outline : ModelOutline.of(source)) {
          CompileOptions options =
              settings.compile().withPackage(packageOf(file)).withModel(outline.name());
          units.add(new ModelUnit(file, source, outline, options));
        }
      } catch (DiagnosticException broken) {
        mistakes.addAll(broken.diagnostics());
      }
    }
    if (!mistakes.isEmpty()) {
      throw new DiagnosticException(mistakes);
    }
    requireDistinctNames(units);
    units.forEach(this::requireOwnData);
    return units;
  }

  private List<Path> files() {
    if (!Files.isDirectory(settings.models())) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(settings.models())) {
      return walk.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Folders are packages; a folder that only groups a model with its data has no Java name. */
  private String packageOf(Path file) {
    Path folder = settings.models().relativize(file.toAbsolutePath()).getParent();
    if (folder == null) {
      return settings.compile().packageName();
    }
    List<String> parts = new ArrayList<>();
    folder.forEach(part -> parts.add(part.toString()));
    String name = String.join(".", parts);
    if (!javax.lang.model.SourceVersion.isName(name)) {
      throw new ModelcException(
          file + " lies in " + folder + ", which is no Java package name",
          "folders under " + settings.models() + " are the packages of the models' classes");
    }
    return name;
  }

  /** Resources and caches are named after models, so that packages do not tell them apart. */
  private static void requireDistinctNames(List<ModelUnit> units) {
    Map<String, ModelUnit> byName = new HashMap<>();
    for (ModelUnit unit : units) {
      ModelUnit first = byName.putIfAbsent(unit.name(), unit);
      if (first != null) {
        throw new DiagnosticException(
            Diagnostic.of(
                    DiagnosticCode.DUPLICATE_NAME,
                    unit.outline().place(),
                    "a project has one model named " + unit.name())
                .withNote(first.outline().place(), "the other one")
                .withHint("rename one of them; their resources would have the same names"));
      }
    }
  }

  private void requireOwnData(ModelUnit unit) {
    for (Path data : unit.outline().dataPaths(unit.source().folder())) {
      if (!settings.externalData() && !data.startsWith(settings.root())) {
        throw new DiagnosticException(
            Diagnostic.of(
                    DiagnosticCode.BAD_SETTING,
                    unit.outline().place(),
                    "data of " + unit.name() + " lies outside the project: " + data)
                .withHint(
                    "move it under "
                        + settings.root()
                        + ", or allow it with -Dmodelc.externalData or <externalData>"));
      }
    }
  }
}

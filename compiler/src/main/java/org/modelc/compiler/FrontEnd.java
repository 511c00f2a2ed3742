package org.modelc.compiler;

import java.util.List;
import java.util.Map;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.elaborate.ElaborationResult;
import org.modelc.dsl.elaborate.ModelElaborator;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.dsl.recipe.DistillSpec;
import org.modelc.dsl.recipe.FileSpecs;
import org.modelc.dsl.recipe.RecipeElaboration;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.RecipeSpec;

/** The language as the driver sees it: a parsed file, the chosen model, its specs. */
final class FrontEnd {
  private final ModelSource source;
  private final ModelFile file;
  private final Declaration.Model model;
  private final DataSpec data;
  private final RecipeSpec recipe;
  private final CompressSpec compression;
  private final DistillSpec distillation;
  private final List<InputSpec> inputs;
  private final List<Diagnostic> warnings;

  private FrontEnd(
      ModelSource source,
      ModelFile file,
      Declaration.Model model,
      DataSpec data,
      RecipeSpec recipe,
      CompressSpec compression,
      DistillSpec distillation,
      List<InputSpec> inputs,
      List<Diagnostic> warnings) {
    this.source = source;
    this.file = file;
    this.model = model;
    this.data = data;
    this.recipe = recipe;
    this.compression = compression;
    this.distillation = distillation;
    this.inputs = List.copyOf(inputs);
    this.warnings = warnings;
  }

  /** Errors and warnings of a file, without any data. */
  static List<Diagnostic> check(ModelSource source) {
    ParseResult parsed = SourceParser.parse(source.text());
    Diagnostics diagnostics = new Diagnostics();
    diagnostics.addAll(parsed.diagnostics());
    diagnostics.addAll(RecipeElaboration.check(parsed));
    diagnostics.addAll(ModelElaborator.check(parsed));
    return diagnostics.sorted();
  }

  /**
   * Parses a file and chooses the model.
   *
   * @param wanted the model's name; null for the trained one, else the first
   * @throws DiagnosticException if the text has errors or there is no such model
   */
  static FrontEnd parse(ModelSource source, String wanted) {
    ParseResult parsed = SourceParser.parse(source.text());
    if (!parsed.isComplete()) {
      throw new DiagnosticException(parsed.diagnostics());
    }
    Declaration.Model model = choose(parsed.file(), wanted);
    String name = model.name().text();
    Diagnostics diagnostics = new Diagnostics();
    FileSpecs specs = RecipeElaboration.of(parsed.file(), diagnostics);
    if (diagnostics.hasErrors()) {
      // Mistakes in the model itself belong to the same run.
      diagnostics.addAll(ModelElaborator.elaborate(parsed.file(), model, Map.of()).diagnostics());
      diagnostics.throwIfErrors();
    }
    RecipeSpec recipe = specs.recipeOf(name).orElse(null);
    DataSpec data = recipe == null ? null : specs.dataNamed(recipe.data()).orElse(null);
    return new FrontEnd(
        source,
        parsed.file(),
        model,
        data,
        recipe,
        specs.compressionOf(name).orElse(null),
        specs.distillationOf(name).orElse(null),
        specs.inputsOf(name),
        diagnostics.sorted());
  }

  private static Declaration.Model choose(ModelFile file, String wanted) {
    List<String> names = file.models().stream().map(model -> model.name().text()).toList();
    if (names.isEmpty()) {
      throw error(DiagnosticCode.MISSING_SETTING, file.source() + " declares no model", "");
    }
    String name = wanted;
    if (name == null) {
      name = file.trainings().isEmpty() ? names.get(0) : file.trainings().get(0).model().text();
    }
    String hint = Suggestions.didYouMean(name, names).orElse("");
    String missing = file.source() + " declares no model " + name;
    return file.model(name).orElseThrow(() -> error(DiagnosticCode.UNKNOWN_NAME, missing, hint));
  }

  private static DiagnosticException error(DiagnosticCode code, String message, String hint) {
    Diagnostic diagnostic = Diagnostic.of(code, SourceSpan.NONE, message);
    return new DiagnosticException(hint.isEmpty() ? diagnostic : diagnostic.withHint(hint));
  }

  /**
   * Unfolds the model.
   *
   * @param diagnostics gets warnings
   * @throws DiagnosticException if there are errors
   */
  ElaboratedModel elaborate(LearnedState learned, Diagnostics diagnostics) {
    ElaborationResult result = ModelElaborator.elaborate(file, model, learned.inputs(inputs));
    diagnostics.addAll(warnings);
    diagnostics.addAll(result.diagnostics());
    diagnostics.throwIfErrors();
    return result.model().orElseThrow();
  }

  ModelSource source() {
    return source;
  }

  ModelFile file() {
    return file;
  }

  /** Where the model's name stands. */
  SourceSpan place() {
    return model.name().span();
  }

  /** Where rows come from; null if the file does not say. */
  DataSpec data() {
    return data;
  }

  /** How the model is trained; null if the file does not say. */
  RecipeSpec recipe() {
    return recipe;
  }

  /** What is done to the model once it is trained; null if the file does not say. */
  CompressSpec compression() {
    return compression;
  }

  /** Whom the model learns from besides its targets; null if the file names no teacher. */
  DistillSpec distillation() {
    return distillation;
  }

  List<InputSpec> inputs() {
    return inputs;
  }
}

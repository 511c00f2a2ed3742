package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Node;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.dsl.elaborate.SyntaxDamage;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.TransformSpec;

/** Elaborates everything of a file that becomes specs: data, inputs, recipes. */
public final class RecipeElaboration {
  private final ModelFile file;
  private final Diagnostics diagnostics;
  private final Map<String, ElaboratedData> data = new LinkedHashMap<>();
  private final Map<String, List<InputSpec>> inputs = new LinkedHashMap<>();
  private final List<DistillSpec> distillations = new ArrayList<>();

  private RecipeElaboration(ModelFile file, Diagnostics diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
  }

  /**
   * The specs of a file.
   *
   * @param diagnostics gets every mistake; what depends on a mistake is not reported again
   */
  public static FileSpecs of(ModelFile file, Diagnostics diagnostics) {
    return new RecipeElaboration(file, diagnostics).elaborate();
  }

  /**
   * What is wrong with the data and train blocks and the inputs of a file, though there be syntax
   * errors elsewhere in it. Blocks that syntax errors lie in, and what hangs on them, are left out.
   */
  public static List<Diagnostic> check(ParseResult parsed) {
    Diagnostics all = new Diagnostics();
    of(parsed.file(), all);
    if (parsed.isComplete()) {
      return all.sorted();
    }
    List<Node> sound = new SoundBlocks(parsed.file(), SyntaxDamage.of(parsed)).blocks();
    return all.sorted().stream()
        .filter(problem -> sound.stream().anyMatch(block -> SyntaxDamage.isIn(problem, block)))
        .toList();
  }

  private FileSpecs elaborate() {
    for (Declaration.Data block : file.data()) {
      ElaboratedData elaborated = new DataElaboration(block, diagnostics).elaborate();
      if (data.putIfAbsent(block.name().text(), elaborated) != null) {
        duplicate("data", block.name());
      }
    }
    for (Declaration.Model model : file.models()) {
      inputs.put(model.name().text(), inputs(model));
    }
    List<RecipeSpec> recipes = new ArrayList<>();
    for (Declaration.Train block : file.trainings()) {
      recipes.add(recipe(block));
    }
    List<CompressSpec> compressions = compressions(recipes);
    List<DataSpec> specs = data.values().stream().map(ElaboratedData::spec).toList();
    return new FileSpecs(specs, inputs, recipes, compressions, distillations);
  }

  private List<CompressSpec> compressions(List<RecipeSpec> recipes) {
    Map<String, CompressSpec> compressions = new LinkedHashMap<>();
    for (Declaration.Compress block : file.compressions()) {
      String model = block.model().text();
      Optional<RecipeSpec> recipe =
          recipes.stream().filter(each -> each.model().equals(model)).findFirst();
      if (recipe.isEmpty()) {
        diagnostics.add(
            DiagnosticCode.MISSING_SETTING,
            block.model().span(),
            "model " + model + " is compressed, but nothing trains it",
            "write train " + model + " on DATA { … }");
        continue;
      }
      CompressSpec spec = new CompressElaboration(block, recipe.get(), diagnostics).elaborate();
      if (compressions.putIfAbsent(model, spec) != null) {
        duplicate("compress", block.model());
      }
    }
    return new ArrayList<>(compressions.values());
  }

  private void duplicate(String what, Name name) {
    diagnostics.add(
        DiagnosticCode.DUPLICATE_NAME, name.span(), what + " `" + name + "` is declared twice");
  }

  private List<InputSpec> inputs(Declaration.Model model) {
    ModelShape shape = new ModelShape(model);
    Settings settings = new Settings(diagnostics, shape.constants());
    Map<String, InputSpec> specs = new LinkedHashMap<>();
    for (Member.Input input : shape.inputs()) {
      TransformSpec transform = input.value().accept(new InputElaboration(settings));
      if (transform == null) {
        continue;
      }
      String name = input.name().text();
      InputSpec spec = new InputSpec(name, dtype(input), transform, input.documentation());
      if (specs.putIfAbsent(name, spec) != null) {
        duplicate("input", input.name());
      }
    }
    return new ArrayList<>(specs.values());
  }

  /** The declared type's, or that of an outermost {@code as}; else f32. */
  private DType dtype(Member.Input input) {
    Optional<TypeExpression> type = input.type();
    if (type.isEmpty() && input.value() instanceof org.modelc.dsl.ast.Expression.As as) {
      type = Optional.of(as.type());
    }
    if (type.isEmpty() || !(type.get() instanceof TypeExpression.Tensor tensor)) {
      return DType.F32;
    }
    for (DType dtype : DType.values()) {
      if (dtype.text().equals(tensor.dtype().text())) {
        return dtype;
      }
    }
    List<String> names = java.util.Arrays.stream(DType.values()).map(DType::text).toList();
    diagnostics.add(
        DiagnosticCode.UNKNOWN_NAME,
        tensor.dtype().span(),
        "no element type `" + tensor.dtype() + "`",
        Suggestions.didYouMean(tensor.dtype().text(), names).orElse(String.join(", ", names)));
    return DType.F32;
  }

  private RecipeSpec recipe(Declaration.Train block) {
    Optional<Declaration.Model> model = file.model(block.model().text());
    if (model.isEmpty()) {
      unknown("model", block.model(), file.models().stream().map(m -> m.name().text()).toList());
    }
    ElaboratedData used = data.get(block.data().text());
    if (used == null) {
      unknown("data", block.data(), new ArrayList<>(data.keySet()));
    } else {
      model.ifPresent(trained -> checkRaw(trained, used));
    }
    TrainElaboration elaboration =
        new TrainElaboration(block, model.map(ModelShape::new).orElse(null), used, diagnostics);
    RecipeSpec recipe = elaboration.elaborate();
    if (elaboration.distillation() != null) {
      distillations.add(elaboration.distillation());
    }
    return recipe;
  }

  private void unknown(String what, Name name, List<String> known) {
    diagnostics.add(
        DiagnosticCode.UNKNOWN_NAME,
        name.span(),
        "no " + what + " `" + name + "` in this file",
        Suggestions.didYouMean(name.text(), known)
            .orElse(known.isEmpty() ? "there is none" : "there are: " + String.join(", ", known)));
  }

  /** A jar predicts from raw rows, which have no columns that a data block computes. */
  private void checkRaw(Declaration.Model model, ElaboratedData used) {
    for (Member.Input input : new ModelShape(model).inputs()) {
      for (InputSpec spec : inputs.get(model.name().text())) {
        if (spec.name().equals(input.name().text())) {
          checkRaw(input, spec.transform(), used);
        }
      }
    }
  }

  private void checkRaw(Member.Input input, TransformSpec transform, ElaboratedData used) {
    for (String column : transform.columns()) {
      if (used.computes(column)) {
        diagnostics.add(
            DiagnosticCode.MISSING_INPUT,
            input.value().span(),
            "input `"
                + input.name()
                + "` uses `"
                + column
                + "`, which data "
                + used.spec().name()
                + " computes and raw rows do not have",
            "compute it in the input or in the model");
      }
    }
    transform.inputs().forEach(inner -> checkRaw(input, inner, used));
  }
}

package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.References;
import org.modelc.dsl.ast.TrainSentence;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;

/** Unfolds a model into graphs. */
public final class ModelElaborator {
  private final Elaboration elaboration;
  private final ModelFile file;
  private final Declaration.Model model;
  private final SyntaxDamage damage;
  private final ModelScopes scopes;

  private ModelElaborator(
      ModelFile file,
      Declaration.Model model,
      Map<String, LearnedInput> learned,
      SyntaxDamage damage) {
    this.damage = damage;
    this.elaboration = new Elaboration(file.source());
    this.file = file;
    this.model = model;
    this.scopes = new ModelScopes(elaboration, file, model, learned, damage);
  }

  /**
   * Elaborates one model of a file that parsed without errors.
   *
   * @param learned what fitting found out, by the model's inputs; where an input is missing, dims
   *     that only data could tell are symbols, good enough to check the model
   */
  public static ElaborationResult elaborate(
      ModelFile file, Declaration.Model model, Map<String, LearnedInput> learned) {
    return new ModelElaborator(file, model, learned, SyntaxDamage.NONE).run();
  }

  /**
   * What is wrong with the models of a file, beside its syntax. Declarations that syntax errors lie
   * in are left out, and what uses them is not reported.
   */
  public static List<Diagnostic> check(ParseResult parsed) {
    SyntaxDamage damage = SyntaxDamage.of(parsed);
    Diagnostics diagnostics = new Diagnostics();
    for (Declaration.Model model : parsed.file().models()) {
      if (damage.sparesMembersOf(model)) {
        ModelElaborator elaborator = new ModelElaborator(parsed.file(), model, Map.of(), damage);
        diagnostics.addAll(elaborator.run().diagnostics());
        diagnostics.addAll(new UnusedCode(parsed.file(), model, damage).problems());
      }
    }
    return diagnostics.sorted();
  }

  /** What is wrong in a function or layer that no use leads to. */
  static List<Diagnostic> checkUnused(
      ModelFile file, Declaration.Model model, SyntaxDamage damage, Declaration unused) {
    ModelElaborator elaborator = new ModelElaborator(file, model, Map.of(), damage);
    UnusedBodies bodies = new UnusedBodies(elaborator.elaboration);
    if (unused instanceof Declaration.Layer layer) {
      bodies.check(layer, elaborator.scopes.file());
    } else if (unused instanceof Declaration.Function function) {
      boolean inModel = model.members().stream().anyMatch(member -> member == function);
      Scope owner = inModel ? elaborator.scopes.scope() : elaborator.scopes.file();
      bodies.check(function, owner, inModel);
    }
    return elaborator.elaboration.problems().sorted();
  }

  private ElaborationResult run() {
    List<ElaboratedFunction> functions = new ArrayList<>();
    file.declarations().forEach(this::checkImport);
    scopes.checkNames();
    new UnusedNames(elaboration.problems(), damage).check(file, model);
    for (Declaration.Function function : roots()) {
      if (damage.touches(function)) {
        continue;
      }
      if (function.stream()) {
        elaboration.calls().reportStream(function, function.name().span());
      } else {
        Optional<ElaboratedFunction> elaborated =
            new RootFunction(elaboration, scopes, function).run();
        elaborated.ifPresent(functions::add);
      }
    }
    boolean failed = elaboration.problems().hasErrors();
    Optional<ElaboratedModel> result =
        failed ? Optional.empty() : Optional.of(elaborated(functions));
    return new ElaborationResult(result, elaboration.problems().sorted());
  }

  private void checkImport(Declaration declaration) {
    if (declaration instanceof Declaration.Import) {
      elaboration
          .problems()
          .report(
              DiagnosticCode.NOT_IN_THIS_RELEASE,
              declaration.span(),
              "`import` is not in this release",
              "put the layers into this file");
    }
  }

  private ElaboratedModel elaborated(List<ElaboratedFunction> functions) {
    ParameterTable parameters = elaboration.parameters();
    return new ElaboratedModel(
        model.name().text(),
        model.documentation(),
        parameters.specs(false),
        parameters.specs(true),
        functions,
        elaboration.init().build());
  }

  /** Exported functions, losses, what measures name; without any, those that no other calls. */
  private List<Declaration.Function> roots() {
    reportUnused();
    return roots(file, model);
  }

  static List<Declaration.Function> roots(ModelFile file, Declaration.Model model) {
    List<Declaration.Function> functions = functions(model);
    Set<String> wanted = wanted(file, model);
    Set<String> called = called(functions);
    boolean none = functions.stream().noneMatch(each -> wanted.contains(each.name().text()));
    return functions.stream()
        .filter(each -> none ? isUncalled(each, called) : wanted.contains(each.name().text()))
        .toList();
  }

  /** Functions that are exported or that the recipe names. */
  private static Set<String> wanted(ModelFile file, Declaration.Model model) {
    Set<String> wanted = new LinkedHashSet<>(recipeFunctions(file, model));
    functions(model).stream()
        .filter(Declaration.Function::exported)
        .forEach(function -> wanted.add(function.name().text()));
    return wanted;
  }

  /** Names that the functions use, but not a function its own. */
  private static Set<String> called(List<Declaration.Function> functions) {
    Set<String> called = new LinkedHashSet<>();
    for (Declaration.Function function : functions) {
      References.in(function.body()).stream()
          .filter(name -> !name.equals(function.name().text()))
          .forEach(called::add);
    }
    return called;
  }

  private static boolean isUncalled(Declaration.Function function, Set<String> called) {
    return !called.contains(function.name().text());
  }

  private void reportUnused() {
    Set<String> wanted = wanted(file, model);
    List<Declaration.Function> functions = functions(model);
    Set<String> called = called(functions);
    if (functions.stream().noneMatch(each -> wanted.contains(each.name().text()))) {
      return;
    }
    for (Declaration.Function function : functions) {
      String name = function.name().text();
      if (!wanted.contains(name) && !called.contains(name)) {
        elaboration
            .problems()
            .report(
                DiagnosticCode.UNUSED_NAME,
                function.name().span(),
                "`" + name + "` is not exported and nothing uses it");
      }
    }
  }

  private static List<Declaration.Function> functions(Declaration.Model model) {
    return model.members().stream()
        .filter(Declaration.Function.class::isInstance)
        .map((Member member) -> (Declaration.Function) member)
        .toList();
  }

  private static Set<String> recipeFunctions(ModelFile file, Declaration.Model model) {
    Set<String> names = new LinkedHashSet<>();
    for (Declaration.Train training : file.trainings()) {
      if (training.model().text().equals(model.name().text())) {
        training.sentences().forEach(sentence -> addFunctions(sentence, names));
      }
    }
    return names;
  }

  private static void addFunctions(TrainSentence sentence, Set<String> names) {
    if (sentence instanceof TrainSentence.Minimize minimize) {
      names.addAll(References.in(minimize.loss()));
    } else if (sentence instanceof TrainSentence.EachStep step) {
      step.updates().forEach(update -> names.addAll(References.in(update.loss())));
    } else if (sentence instanceof TrainSentence.Measure measure) {
      for (TrainSentence.Measured measured : measure.measures()) {
        addMeasured(measured.value(), names);
      }
    }
  }

  private static void addMeasured(Expression measure, Set<String> names) {
    if (measure instanceof Expression.Call call) {
      call.arguments().forEach(argument -> names.addAll(References.in(argument.value())));
    }
  }
}

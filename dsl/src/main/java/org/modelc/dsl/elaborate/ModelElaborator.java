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
   *     that only data could tell are given a size of no meaning, good enough to check the model
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
      }
    }
    return diagnostics.sorted();
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
    List<Declaration.Function> functions = functions();
    Set<String> wanted = new LinkedHashSet<>(recipeFunctions());
    Set<String> called = new LinkedHashSet<>();
    for (Declaration.Function function : functions) {
      if (function.exported()) {
        wanted.add(function.name().text());
      }
      References.in(function.body()).stream()
          .filter(name -> !name.equals(function.name().text()))
          .forEach(called::add);
    }
    boolean none = functions.stream().noneMatch(each -> wanted.contains(each.name().text()));
    if (!none) {
      reportUnused(functions, wanted, called);
    }
    return functions.stream()
        .filter(each -> none ? isUncalled(each, called) : wanted.contains(each.name().text()))
        .toList();
  }

  private static boolean isUncalled(Declaration.Function function, Set<String> called) {
    return !called.contains(function.name().text());
  }

  private void reportUnused(
      List<Declaration.Function> functions, Set<String> wanted, Set<String> called) {
    for (Declaration.Function function : functions) {
      String name = function.name().text();
      if (!wanted.contains(name) && !called.contains(name)) {
        elaboration
            .problems()
            .report(
                DiagnosticCode.UNUSED_NAME,
                function.name().span(),
                "`" + name + "` is not exported and nothing uses it, so it was not checked");
      }
    }
  }

  private List<Declaration.Function> functions() {
    return model.members().stream()
        .filter(Declaration.Function.class::isInstance)
        .map((Member member) -> (Declaration.Function) member)
        .toList();
  }

  private Set<String> recipeFunctions() {
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

package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.TrainSentence.Measured;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;

/** {@code auc(predict.risk, bad) as name}. */
final class MeasureElaboration {
  private final Settings settings;
  private final ModelShape model;

  MeasureElaboration(Settings settings, ModelShape model) {
    this.settings = settings;
    this.model = model;
  }

  /** The measure; empty, with a diagnostic, if it is none. */
  Optional<MeasureSpec> measure(Measured measured) {
    Expression value = measured.value();
    String kind = Settings.calledName(value).orElse("");
    Vocabulary.Entry entry = Vocabulary.metrics().get(kind);
    if (entry == null) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_MEASURE,
          value.span(),
          "measure",
          kind,
          Vocabulary.metrics().keySet());
      return Optional.empty();
    }
    List<Expression> positional = new ArrayList<>();
    Map<String, Object> options = new LinkedHashMap<>();
    for (Argument argument : Settings.arguments(value)) {
      if (argument.name().isEmpty()) {
        positional.add(argument.value());
      } else {
        option(kind, entry, argument, options);
      }
    }
    if (positional.size() != 2 || !(positional.get(1) instanceof Expression.Reference target)) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.BAD_SETTING,
              value.span(),
              kind + " holds a result against a column",
              "for example " + kind + "(predict.label, label)");
      return Optional.empty();
    }
    String name = measured.name().map(Name::text).orElse(kind);
    return result(positional.get(0))
        .map(
            result ->
                new MeasureSpec(
                    name, kind, result.get(0), result.get(1), target.name().text(), options));
  }

  private void option(
      String kind, Vocabulary.Entry entry, Argument argument, Map<String, Object> options) {
    String name = argument.name().orElseThrow().text();
    if (!entry.options().contains(name)) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_ARGUMENT,
          argument.span(),
          kind + " setting",
          name,
          entry.options());
      return;
    }
    Object value = settings.value(argument.value());
    if (value != null) {
      options.put(name, value);
    }
  }

  /** Function and result of {@code predict.risk} or {@code predict}. */
  Optional<List<String>> result(Expression expression) {
    if (expression instanceof Expression.Reference reference) {
      return function(reference.name()).flatMap(function -> onlyResult(function, expression));
    }
    if (expression instanceof Expression.Field field
        && field.target() instanceof Expression.Reference reference) {
      return function(reference.name()).flatMap(function -> field(function, field.name()));
    }
    settings
        .diagnostics()
        .add(
            DiagnosticCode.BAD_SETTING,
            expression.span(),
            "a measure takes a result of an exported function",
            "for example predict.label");
    return Optional.empty();
  }

  private Optional<Declaration.Function> function(Name name) {
    Declaration.Function function = model.functions().get(name.text());
    if (function == null) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_NAME,
          name.span(),
          "function of " + model.model().name(),
          name.text(),
          model.functions().keySet());
    } else if (!function.exported()) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.BAD_SETTING,
              name.span(),
              "function " + name + " is not exported",
              "measures are taken of what the jar gives: write export fn " + name);
      return Optional.empty();
    }
    return Optional.ofNullable(function);
  }

  private Optional<List<String>> onlyResult(Declaration.Function function, Expression place) {
    String name = function.name().text();
    List<String> results = ModelShape.results(function).orElse(List.of(name));
    if (results.size() != 1) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.UNKNOWN_FIELD,
              place.span(),
              name + " has several results",
              "say which: " + name + "." + String.join(", " + name + ".", results));
      return Optional.empty();
    }
    return Optional.of(List.of(name, results.get(0)));
  }

  private Optional<List<String>> field(Declaration.Function function, Name field) {
    Optional<List<String>> results = ModelShape.results(function);
    if (results.isPresent() && !results.get().contains(field.text())) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_FIELD,
          field.span(),
          "result of " + function.name(),
          field.text(),
          results.get());
      return Optional.empty();
    }
    return Optional.of(List.of(function.name().text(), field.text()));
  }
}

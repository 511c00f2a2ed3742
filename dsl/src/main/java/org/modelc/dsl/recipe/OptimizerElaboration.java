package org.modelc.dsl.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Expression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.spec.RecipeSpec.OptimizerSpec;
import org.modelc.runtime.spec.RecipeSpec.ScheduleSpec;

/** {@code adamw(cosine(1e-3, warmup: 100), decay: 1e-3)}. */
final class OptimizerElaboration {
  private final Settings settings;

  OptimizerElaboration(Settings settings) {
    this.settings = settings;
  }

  /** An optimiser with its schedule. */
  record Optimizer(OptimizerSpec optimizer, ScheduleSpec rate) {}

  /** The optimiser; empty, with a diagnostic, if it is none. */
  Optional<Optimizer> optimizer(Expression expression) {
    String kind = Settings.calledName(expression).orElse("");
    Vocabulary.Entry entry = Vocabulary.optimisers().get(kind);
    if (entry == null) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_OPTIMISER,
          expression.span(),
          "optimiser",
          kind,
          Vocabulary.optimisers().keySet());
      return Optional.empty();
    }
    Map<String, Double> options = new LinkedHashMap<>();
    ScheduleSpec rate = null;
    for (Argument argument : Settings.arguments(expression)) {
      String name = name(argument, entry, rate == null ? 0 : 1);
      if (name.equals("rate")) {
        rate = schedule(argument.value());
        if (rate == null) {
          return Optional.empty();
        }
      } else {
        option(kind, name, entry, argument, options);
      }
    }
    if (rate == null) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.MISSING_ARGUMENT,
              expression.span(),
              kind + " needs a learning rate",
              "write " + kind + "(1e-3) or " + kind + "(cosine(1e-3, warmup: 100))");
      return Optional.empty();
    }
    return Optional.of(new Optimizer(new OptimizerSpec(kind, options), rate));
  }

  private static String name(Argument argument, Vocabulary.Entry entry, int position) {
    if (argument.name().isPresent()) {
      return argument.name().get().text();
    }
    return position < entry.positional().size() ? entry.positional().get(position) : "";
  }

  private void option(
      String kind,
      String name,
      Vocabulary.Entry entry,
      Argument argument,
      Map<String, Double> options) {
    if (!entry.options().contains(name)) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_ARGUMENT,
          argument.span(),
          kind + " setting",
          name,
          entry.options());
      return;
    }
    if (argument.value() instanceof Expression.BoolLiteral bool) {
      options.put(name, bool.value() ? 1.0 : 0.0);
    } else {
      settings
          .required(argument, "`" + name + "`")
          .ifPresent(value -> check(name, value, argument.span(), options));
    }
  }

  private void check(String name, double value, SourceSpan span, Map<String, Double> options) {
    boolean share = name.startsWith("beta") || name.equals("momentum");
    if (value < 0 || (share && value >= 1)) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.BAD_SETTING,
              span,
              "`" + name + "` is " + value,
              share ? "it lies from 0 up to, not including, 1" : "it must not be negative");
    }
    options.put(name, value);
  }

  private ScheduleSpec schedule(Expression expression) {
    if (!(expression instanceof Expression.Call)) {
      return settings.number(expression).isPresent()
          ? checked(
              new ScheduleSpec("constant", settings.number(expression).getAsDouble(), Map.of()),
              expression)
          : noRate(expression);
    }
    String kind = Settings.calledName(expression).orElse("");
    Vocabulary.Entry entry = Vocabulary.schedules().get(kind);
    if (entry == null) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_OPTIMISER,
          expression.span(),
          "schedule",
          kind,
          Vocabulary.schedules().keySet());
      return null;
    }
    Map<String, Double> options = new LinkedHashMap<>();
    for (Argument argument : Settings.arguments(expression)) {
      String name = name(argument, entry, options.containsKey("rate") ? 1 : 0);
      if (name.equals("rate")) {
        settings.required(argument, "the rate").ifPresent(rate -> options.put("rate", rate));
      } else {
        option(kind, name, entry, argument, options);
      }
    }
    Double rate = options.remove("rate");
    return rate == null
        ? noRate(expression)
        : checked(new ScheduleSpec(kind, rate, options), expression);
  }

  private ScheduleSpec noRate(Expression expression) {
    settings
        .diagnostics()
        .add(
            DiagnosticCode.BAD_SETTING,
            expression.span(),
            "a learning rate is a number or a schedule",
            "for example 1e-3, cosine(1e-3, warmup: 100) or step(0.1, every: 10, factor: 0.5)");
    return null;
  }

  private ScheduleSpec checked(ScheduleSpec schedule, Expression expression) {
    if (!(schedule.rate() > 0)) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.BAD_SETTING,
              expression.span(),
              "the learning rate is " + schedule.rate(),
              "it must be greater than 0");
      return null;
    }
    return schedule;
  }
}

package org.modelc.dsl.recipe;

import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.TrainSentence;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;

/** Elaborates a {@code distill} sentence. */
final class DistillElaboration {
  private static final String EXAMPLE =
      "distill predict.probabilities with teacher(\"Big.jar\", temperature: 4, weight: 0.7)";

  private final Settings settings;
  private final ModelShape model;
  private String path;
  private double temperature = 4;
  private double weight = 0.7;
  private boolean wrong;

  DistillElaboration(Settings settings, ModelShape model) {
    this.settings = settings;
    this.model = model;
  }

  /** The spec; empty, with a diagnostic, if something is wrong. */
  Optional<DistillSpec> elaborate(TrainSentence.Distill sentence) {
    Expression teacher = sentence.teacher();
    if (!Settings.calledName(teacher).equals(Optional.of("teacher"))) {
      bad(teacher.span(), "only a teacher is learned from");
    }
    Settings.arguments(teacher).forEach(this::argument);
    if (!wrong && path == null) {
      bad(teacher.span(), "the sentence does not say which jar is the teacher");
    }
    if (!(temperature > 0 && temperature < 1000) || !(weight > 0 && weight <= 1)) {
      bad(teacher.span(), "a temperature lies above 0, a weight above 0 and up to 1");
    }
    Optional<List<String>> result =
        new MeasureElaboration(settings, model).result(sentence.result());
    return wrong || result.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new DistillSpec(
                model.model().name().text(),
                result.get().get(0),
                result.get().get(1),
                path,
                temperature,
                weight,
                sentence.span()));
  }

  private void argument(Argument argument) {
    String name = argument.name().map(each -> each.text()).orElse("");
    if (name.isEmpty() && argument.value() instanceof Expression.TextLiteral text) {
      path = text.value();
    } else if (name.equals("temperature")) {
      temperature = settings.required(argument, "`temperature`").orElse(Double.NaN);
    } else if (name.equals("weight")) {
      weight = settings.required(argument, "`weight`").orElse(Double.NaN);
    } else {
      bad(argument.span(), "a teacher has a path, a `temperature` and a `weight`");
    }
  }

  private void bad(SourceSpan span, String message) {
    wrong = true;
    settings.diagnostics().add(DiagnosticCode.BAD_SETTING, span, message, "write " + EXAMPLE);
  }
}

package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.Diagnostics;

/** What recipes need to know of a model's text. */
record ModelShape(Declaration.Model model) {
  /** The functions, by name in the order declared. */
  Map<String, Declaration.Function> functions() {
    Map<String, Declaration.Function> functions = new LinkedHashMap<>();
    for (Member member : model.members()) {
      if (member instanceof Declaration.Function function) {
        functions.put(function.name().text(), function);
      }
    }
    return functions;
  }

  /** The inputs, in the order declared. */
  List<Member.Input> inputs() {
    List<Member.Input> inputs = new ArrayList<>();
    for (Member member : model.members()) {
      if (member instanceof Member.Input input) {
        inputs.add(input);
      }
    }
    return inputs;
  }

  /** The model's static parameters whose defaults are numbers. */
  Map<String, Double> constants() {
    Map<String, Double> constants = new LinkedHashMap<>();
    Settings settings = new Settings(new Diagnostics(), constants);
    for (Parameter parameter : model.parameters()) {
      parameter
          .defaultValue()
          .map(settings::number)
          .filter(OptionalDouble::isPresent)
          .ifPresent(number -> constants.put(parameter.name().text(), number.getAsDouble()));
    }
    return constants;
  }

  /**
   * The names of a function's results: the fields of its record, or its own name. Empty if the text
   * does not say, so that nothing is to be checked.
   */
  static Optional<List<String>> results(Declaration.Function function) {
    if (function.result().isEmpty()) {
      return Optional.empty();
    }
    if (function.result().get() instanceof TypeExpression.Record fields) {
      return Optional.of(
          fields.fields().stream().map(TypeExpression.Field::name).map(Name::text).toList());
    }
    return Optional.of(List.of(function.name().text()));
  }
}

package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;

/** Brings the arguments of a call to the parameters of what is called. */
final class Arguments {
  private final Elaboration elaboration;
  private final Conversions conversions;

  Arguments(Elaboration elaboration, Conversions conversions) {
    this.elaboration = elaboration;
    this.conversions = conversions;
  }

  private Problems problems() {
    return elaboration.problems();
  }

  /**
   * Binds parameters in a scope: statics first, since types may speak of them, then tensors.
   *
   * @param mustBeStatic whether dynamic dims are refused, as in a layer's first list
   * @return the parameters left without value; null, reported, if an argument does not fit
   */
  List<Name> bind(
      String callee,
      List<Parameter> parameters,
      List<Calls.Given> given,
      Scope scope,
      SourceSpan span,
      boolean mustBeStatic) {
    Map<Parameter, Calls.Given> matched = match(callee, parameters, given);
    if (matched == null || given.stream().anyMatch(each -> each.meaning().isFailed())) {
      return null;
    }
    List<Name> missing = new ArrayList<>();
    boolean fits = true;
    for (Parameter parameter : parameters) {
      if (conversions.isStatic(parameter.type())) {
        fits &= bindStatic(parameter, matched.get(parameter), scope, span, mustBeStatic, missing);
      }
    }
    for (Parameter parameter : parameters) {
      if (!conversions.isStatic(parameter.type())) {
        fits &= bindTensor(parameter, matched.get(parameter), scope, span, missing);
      }
    }
    return fits ? missing : null;
  }

  /** Reports parameters without a value; gives whether there are none. */
  boolean reportMissing(String callee, List<Name> missing, SourceSpan span) {
    for (Name name : missing) {
      problems()
          .report(
              DiagnosticCode.MISSING_ARGUMENT,
              span,
              "`" + callee + "` needs the argument `" + name + "`");
    }
    return missing.isEmpty();
  }

  private Map<Parameter, Calls.Given> match(
      String callee, List<Parameter> parameters, List<Calls.Given> given) {
    // By identity: trees are deep, and one parameter stands in one place.
    Map<Parameter, Calls.Given> matched = new IdentityHashMap<>();
    int next = 0;
    boolean fits = true;
    for (int i = 0; i < given.size(); i++) {
      Calls.Given each = given.get(i);
      if (each.name() != null) {
        fits &= matchNamed(callee, parameters, each, matched);
      } else if (next >= parameters.size()) {
        fits = false;
        reportTooMany(callee, parameters, each);
      } else if (isOpenList(parameters, next, each)) {
        List<Calls.Given> rest = positional(given, i);
        matched.put(parameters.get(next), collected(rest));
        i = given.size() - (given.size() - i - rest.size()) - 1;
        next = parameters.size();
      } else {
        matched.put(parameters.get(next++), each);
      }
    }
    return fits ? matched : null;
  }

  private void reportTooMany(String callee, List<Parameter> parameters, Calls.Given given) {
    problems()
        .report(
            DiagnosticCode.ARGUMENT_COUNT,
            given.span(),
            "`" + callee + "` takes " + parameters.size() + " arguments at most",
            parameters.isEmpty() ? "it takes none" : "they are " + names(parameters));
  }

  private static List<String> names(List<Parameter> parameters) {
    return parameters.stream().map(parameter -> parameter.name().text()).toList();
  }

  /** A list that comes last may be written without its brackets: {@code zeros(B, units)}. */
  private static boolean isOpenList(List<Parameter> parameters, int index, Calls.Given given) {
    return index == parameters.size() - 1
        && parameters.get(index).type() instanceof TypeExpression.ListOf
        && !(given.meaning() instanceof Meaning.ListOf);
  }

  private static List<Calls.Given> positional(List<Calls.Given> given, int from) {
    int end = from;
    while (end < given.size() && given.get(end).name() == null) {
      end++;
    }
    return given.subList(from, end);
  }

  private static Calls.Given collected(List<Calls.Given> given) {
    List<Meaning> elements = given.stream().map(Calls.Given::meaning).toList();
    return new Calls.Given(null, new Meaning.ListOf(elements), given.get(0).expression());
  }

  private boolean matchNamed(
      String callee,
      List<Parameter> parameters,
      Calls.Given given,
      Map<Parameter, Calls.Given> matched) {
    Name name = given.name();
    for (Parameter parameter : parameters) {
      if (parameter.name().text().equals(name.text())) {
        if (matched.put(parameter, given) == null) {
          return true;
        }
        problems()
            .report(
                DiagnosticCode.DUPLICATE_ARGUMENT,
                name.span(),
                "`" + callee + "` is given `" + name + "` twice");
        return false;
      }
    }
    problems()
        .report(
            DiagnosticCode.UNKNOWN_ARGUMENT,
            name.span(),
            "`" + callee + "` has no argument `" + name + "`",
            Suggestions.didYouMean(name.text(), names(parameters))
                .orElse("its arguments are " + names(parameters)));
    return false;
  }

  private boolean bindStatic(
      Parameter parameter,
      Calls.Given given,
      Scope scope,
      SourceSpan span,
      boolean mustBeStatic,
      List<Name> missing) {
    Meaning value;
    SourceSpan place = given == null ? span : given.span();
    if (given != null) {
      value = given.meaning();
    } else if (parameter.defaultValue().isPresent()) {
      Frame frame = new Frame(scope, new Naming("", false));
      value = elaboration.expressions().evaluate(parameter.defaultValue().get(), frame);
      place = parameter.defaultValue().get().span();
    } else {
      missing.add(parameter.name());
      return true;
    }
    String what = "`" + parameter.name() + "`";
    Meaning converted = conversions.statically(parameter.type(), value, place, what, mustBeStatic);
    scope.let(parameter.name().text(), converted);
    return !converted.isFailed();
  }

  private boolean bindTensor(
      Parameter parameter, Calls.Given given, Scope scope, SourceSpan span, List<Name> missing) {
    Meaning value;
    if (given != null) {
      value = given.meaning();
    } else if (parameter.defaultValue().isPresent()) {
      Frame frame = new Frame(scope, new Naming("", false));
      value = elaboration.expressions().evaluate(parameter.defaultValue().get(), frame);
    } else {
      missing.add(parameter.name());
      return true;
    }
    SourceSpan place = given == null ? span : given.span();
    String what = "`" + parameter.name() + "`";
    Meaning converted = conversions.matched(parameter.type(), value, scope, place, what);
    scope.let(parameter.name().text(), converted);
    return !converted.isFailed();
  }
}

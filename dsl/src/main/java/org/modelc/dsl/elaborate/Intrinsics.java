package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.runtime.spec.Dim;

/** Carries out what the language itself offers. */
final class Intrinsics {
  private final Elaboration elaboration;

  Intrinsics(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  private Problems problems() {
    return elaboration.problems();
  }

  Meaning call(Intrinsic intrinsic, List<Calls.Given> given, SourceSpan span) {
    if (given.stream().anyMatch(each -> each.meaning().isFailed())) {
      return Meaning.FAILED;
    }
    Meaning[] arguments = ordered(intrinsic, given, span);
    if (arguments == null) {
      return Meaning.FAILED;
    }
    Meaning result;
    try {
      result = evaluate(intrinsic, arguments, span);
    } catch (ArithmeticException overflow) {
      String message = intrinsic.text() + " gives more than 64 bits hold";
      result = problems().report(DiagnosticCode.NUMBER_RANGE, span, message);
    }
    if (result != null) {
      return result;
    }
    if (Arrays.stream(arguments).anyMatch(elaboration.unlearned()::has)) {
      return Meaning.FAILED;
    }
    List<String> got = Arrays.stream(arguments).map(Meaning::describe).toList();
    return problems()
        .report(
            DiagnosticCode.BAD_STATIC_VALUE,
            span,
            intrinsic.text() + intrinsic.parameters() + " cannot take " + String.join(", ", got),
            isByZero(intrinsic, arguments)
                ? Optional.of("divide by a number other than 0")
                : Optional.empty());
  }

  private Meaning[] ordered(Intrinsic intrinsic, List<Calls.Given> given, SourceSpan span) {
    List<String> names = intrinsic.parameters();
    Meaning[] arguments = new Meaning[names.size()];
    int next = 0;
    for (Calls.Given each : given) {
      int index = each.name() == null ? next++ : names.indexOf(each.name().text());
      if (index < 0 || index >= names.size() || arguments[index] != null) {
        reportSuperfluous(intrinsic, each);
        return null;
      }
      arguments[index] = each.meaning();
    }
    int missing = Arrays.asList(arguments).indexOf(null);
    if (missing >= 0) {
      problems()
          .report(
              DiagnosticCode.MISSING_ARGUMENT,
              span,
              "`" + intrinsic.text() + "` needs the argument `" + names.get(missing) + "`");
      return null;
    }
    return arguments;
  }

  private void reportSuperfluous(Intrinsic intrinsic, Calls.Given given) {
    List<String> names = intrinsic.parameters();
    if (given.name() == null) {
      problems()
          .report(
              DiagnosticCode.ARGUMENT_COUNT,
              given.span(),
              "`" + intrinsic.text() + "` takes " + names.size() + " arguments");
    } else {
      problems()
          .report(
              DiagnosticCode.UNKNOWN_ARGUMENT,
              given.name().span(),
              "`" + intrinsic.text() + "` has no free argument `" + given.name() + "`",
              Suggestions.didYouMean(given.name().text(), names));
    }
  }

  /** The value; null if the arguments are of the wrong kind. */
  private Meaning evaluate(Intrinsic intrinsic, Meaning[] a, SourceSpan span) {
    return switch (intrinsic) {
      case CEIL_DIV -> quotient(a[0], a[1], true);
      case FLOOR_DIV -> quotient(a[0], a[1], false);
      case SHAPE ->
          a[0] instanceof Meaning.Tensor tensor
              ? Meaning.ListOf.dims(tensor.value().tensor().shape())
              : null;
      case LENGTH -> length(a[0]);
      case PRODUCT -> product(a[0]);
      case WITHOUT -> without(a[0], a[1]);
      case INSERT -> insert(a[0], a[1], a[2]);
      case REPEAT -> repeat(a[0], a[1]);
      case FAIL ->
          a[0] instanceof Meaning.Text text
              ? problems().report(DiagnosticCode.BAD_STATIC_VALUE, span, text.value())
              : null;
      case CACHED -> a[0];
      case OFFSET -> Meaning.Int.of(0);
      case GENERATE, SAMPLE ->
          problems()
              .report(
                  DiagnosticCode.NOT_IN_THIS_RELEASE,
                  span,
                  "`" + intrinsic.text() + "` is not in this release");
    };
  }

  /** On dynamic dims only exact divisions have a value. */
  private static Meaning quotient(Meaning left, Meaning right, boolean up) {
    if (!(left instanceof Meaning.Int a) || !(right instanceof Meaning.Int b)) {
      return null;
    }
    Dim exact = a.dim().dividedExactly(b.dim());
    if (exact != null) {
      return new Meaning.Int(exact);
    }
    if (!a.dim().isStatic() || !b.dim().isStatic() || b.dim().is(0)) {
      return null;
    }
    long down = Math.floorDiv(a.dim().value(), b.dim().value());
    return Meaning.Int.of(up ? down + 1 : down);
  }

  private static boolean isByZero(Intrinsic intrinsic, Meaning[] arguments) {
    boolean isQuotient = intrinsic == Intrinsic.CEIL_DIV || intrinsic == Intrinsic.FLOOR_DIV;
    return isQuotient && arguments[1] instanceof Meaning.Int by && by.dim().is(0);
  }

  private static Meaning length(Meaning list) {
    List<Meaning> elements = Expressions.elements(list);
    return elements == null ? null : Meaning.Int.of(elements.size());
  }

  private static Meaning product(Meaning list) {
    Optional<List<Dim>> dims = Expressions.dims(list);
    return dims.isEmpty() ? null : new Meaning.Int(Dim.product(dims.get()));
  }

  private static Integer index(Meaning index, int size) {
    if (!(index instanceof Meaning.Int number) || !number.dim().isStatic()) {
      return null;
    }
    long at = number.dim().value() + (number.dim().value() < 0 ? size : 0);
    return at < 0 || at >= size ? null : (Integer) (int) at;
  }

  private static Meaning without(Meaning list, Meaning index) {
    List<Meaning> elements = Expressions.elements(list);
    Integer at = elements == null ? null : index(index, elements.size());
    if (at == null) {
      return null;
    }
    List<Meaning> rest = new ArrayList<>(elements);
    rest.remove((int) at);
    return new Meaning.ListOf(rest);
  }

  private static Meaning insert(Meaning list, Meaning index, Meaning value) {
    List<Meaning> elements = Expressions.elements(list);
    Integer at = elements == null ? null : index(index, elements.size() + 1);
    if (at == null) {
      return null;
    }
    List<Meaning> more = new ArrayList<>(elements);
    more.add(at, value);
    return new Meaning.ListOf(more);
  }

  private static Meaning repeat(Meaning value, Meaning count) {
    Integer times = index(count, 1 << 16);
    return times == null ? null : new Meaning.ListOf(Collections.nCopies(times, value));
  }
}

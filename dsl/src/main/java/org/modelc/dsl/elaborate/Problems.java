package org.modelc.dsl.elaborate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/**
 * Reports mistakes with the chain of uses that led to them. A mistake met inside the standard
 * library is reported at the user's use of it. One place gets one report of a kind, though both
 * compilations and several uses come by.
 */
final class Problems {
  private final Diagnostics diagnostics = new Diagnostics();
  private final Set<String> reported = new HashSet<>();
  private final Deque<Use> uses = new ArrayDeque<>();
  private final SourceText userSource;

  /** One level of unfolding: what was used, with its bindings, and where. */
  private record Use(Object key, Scope scope, String name, SourceSpan span) {
    String describe() {
      String bindings = scope.bindings();
      return "in " + name + (bindings.isEmpty() ? "" : " with " + bindings) + ", used here";
    }
  }

  Problems(SourceText userSource) {
    this.userSource = userSource;
  }

  List<Diagnostic> sorted() {
    return diagnostics.sorted();
  }

  boolean hasErrors() {
    return diagnostics.hasErrors();
  }

  /**
   * Enters a function or layer.
   *
   * @param key the function's declaration or the layer's instance, to tell recursion by
   */
  void enter(Object key, Scope scope, String name, SourceSpan span) {
    uses.push(new Use(key, scope, name, span));
  }

  void leave() {
    uses.pop();
  }

  /** What is being unfolded now, innermost first. */
  List<Object> entered() {
    return uses.stream().map(Use::key).toList();
  }

  /** The names being unfolded, outermost first, for messages about recursion. */
  String path(String last) {
    List<String> names = new ArrayList<>();
    uses.descendingIterator().forEachRemaining(use -> names.add(use.name()));
    names.add(last);
    return String.join(" → ", names);
  }

  /** Where the user's text stands for a place that may be in the library. */
  SourceSpan userSpan(SourceSpan span) {
    if (span.source() == userSource) {
      return span;
    }
    for (Use use : uses) {
      if (use.span().source() == userSource) {
        return use.span();
      }
    }
    return span;
  }

  Meaning report(DiagnosticCode code, SourceSpan span, String message) {
    return report(code, span, message, Optional.empty());
  }

  Meaning report(DiagnosticCode code, SourceSpan span, String message, String hint) {
    return report(code, span, message, Optional.of(hint));
  }

  /** Reports and gives {@link Meaning#FAILED}. */
  Meaning report(DiagnosticCode code, SourceSpan span, String message, Optional<String> hint) {
    SourceSpan shown = userSpan(span);
    if (reported.add(code + "@" + shown.location() + "-" + shown.end())) {
      Diagnostic diagnostic = Diagnostic.of(code, shown, message).withHint(hint);
      diagnostics.add(diagnostic.withNotes(chain(span, shown)));
    }
    return Meaning.FAILED;
  }

  private List<Diagnostic.Note> chain(SourceSpan span, SourceSpan shown) {
    List<Diagnostic.Note> notes = new ArrayList<>();
    if (shown != span && !span.equals(shown)) {
      notes.add(new Diagnostic.Note(span, "met here, in the standard library"));
    }
    for (Use use : uses) {
      if (!use.span().isNone()) {
        notes.add(new Diagnostic.Note(use.span(), use.describe()));
      }
    }
    return notes;
  }
}

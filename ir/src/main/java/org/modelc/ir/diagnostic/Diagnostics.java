package org.modelc.ir.diagnostic;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects diagnostics of one run. Equal ones count once; {@link #sorted} gives them by place. */
public final class Diagnostics {
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing(Diagnostic::span)
          .thenComparing(diagnostic -> diagnostic.code().code())
          .thenComparing(Diagnostic::message);

  private final Set<Diagnostic> collected = new LinkedHashSet<>();

  /** Adds one diagnostic. */
  public void add(Diagnostic diagnostic) {
    collected.add(diagnostic);
  }

  /** Adds all of another run's diagnostics. */
  public void addAll(Iterable<Diagnostic> diagnostics) {
    diagnostics.forEach(collected::add);
  }

  /** Adds a diagnostic without notes or hint. */
  public void add(DiagnosticCode code, SourceSpan span, String message) {
    add(Diagnostic.of(code, span, message));
  }

  /** Adds a diagnostic with a hint. */
  public void add(DiagnosticCode code, SourceSpan span, String message, String hint) {
    add(Diagnostic.of(code, span, message).withHint(hint));
  }

  /** Whether any of them stops the build. */
  public boolean hasErrors() {
    return collected.stream().anyMatch(Diagnostic::isError);
  }

  /** Whether there is none at all. */
  public boolean isEmpty() {
    return collected.isEmpty();
  }

  /** All, by file and place. */
  public List<Diagnostic> sorted() {
    return collected.stream().sorted(BY_PLACE).toList();
  }

  /** Those that stop the build, by file and place. */
  public List<Diagnostic> errors() {
    return sorted().stream().filter(Diagnostic::isError).toList();
  }

  /**
   * Ends a stage.
   *
   * @throws DiagnosticException if there are errors
   */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new DiagnosticException(sorted());
    }
  }
}

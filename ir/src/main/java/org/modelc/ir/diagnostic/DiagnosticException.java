package org.modelc.ir.diagnostic;

import java.util.List;
import java.util.stream.Collectors;

/** The user's mistake, as against the compiler's: says what the diagnostics say. */
public final class DiagnosticException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  /**
   * @param diagnostics at least one, in the order to be shown
   */
  public DiagnosticException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /**
   * @param diagnostic the only one
   */
  public DiagnosticException(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  /** What to show, in order. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}

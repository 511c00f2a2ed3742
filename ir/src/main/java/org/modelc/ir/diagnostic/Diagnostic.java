package org.modelc.ir.diagnostic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing to tell the user: what is wrong, where, with which actual values, and what might help.
 *
 * @param code what kind of mistake this is
 * @param severity how bad it is
 * @param span where it is; {@link SourceSpan#NONE} when it is in no text
 * @param message one sentence without a full stop, with the actual values
 * @param notes further places, innermost use first: the chain of uses that led here
 * @param hint what the user might do
 */
public record Diagnostic(
    DiagnosticCode code,
    Severity severity,
    SourceSpan span,
    String message,
    List<Note> notes,
    Optional<String> hint) {

  /**
   * A further place with what it has to say.
   *
   * @param span the place
   * @param message what is to be said about it
   */
  public record Note(SourceSpan span, String message) {}

  /** Copies the notes. */
  public Diagnostic {
    notes = List.copyOf(notes);
  }

  /** A diagnostic of the code's own severity, without notes or hint. */
  public static Diagnostic of(DiagnosticCode code, SourceSpan span, String message) {
    return new Diagnostic(code, code.severity(), span, message, List.of(), Optional.empty());
  }

  /** This diagnostic with a hint in place of its own. */
  public Diagnostic withHint(String text) {
    return new Diagnostic(code, severity, span, message, notes, Optional.of(text));
  }

  /** This diagnostic with a hint if there is one to give. */
  public Diagnostic withHint(Optional<String> text) {
    return text.map(this::withHint).orElse(this);
  }

  /** This diagnostic with one more note at the end. */
  public Diagnostic withNote(SourceSpan place, String text) {
    List<Note> more = new ArrayList<>(notes);
    more.add(new Note(place, text));
    return new Diagnostic(code, severity, span, message, more, hint);
  }

  /** This diagnostic with more notes at the end. */
  public Diagnostic withNotes(List<Note> added) {
    List<Note> more = new ArrayList<>(notes);
    more.addAll(added);
    return new Diagnostic(code, severity, span, message, more, hint);
  }

  /** Whether this stops the build. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** One line: {@code E204 net.model:7:14: message; hint}. */
  @Override
  public String toString() {
    String place = span.isNone() ? "" : span.location() + ": ";
    return code.code() + " " + place + message + hint.map(text -> "; " + text).orElse("");
  }
}

package org.modelc.ir.diagnostic;

import java.util.List;

/**
 * Writes diagnostics for people: code, place, message, the source line with carets, the chain of
 * uses, a hint.
 *
 * <pre>
 * error[E204]: matmul needs equal inner dims, got 128 and H=64
 *   --> net.model:7:14
 *    |
 *  7 |     let y = x @ w
 *    |             ^^^^^
 *   note: net.model:12:9: used here, with H=64
 *   hint: did you mean transpose(w)?
 * </pre>
 */
public final class DiagnosticRenderer {
  /** Longer lines are cut around the carets, so that one generated line cannot flood a terminal. */
  private static final int MAXIMUM_LINE = 160;

  private final boolean colour;

  /**
   * @param colour whether to write ANSI escapes
   */
  public DiagnosticRenderer(boolean colour) {
    this.colour = colour;
  }

  /** Renders several, in the order given, with an empty line between. */
  public String render(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic diagnostic : diagnostics) {
      if (out.length() > 0) {
        out.append('\n');
      }
      append(out, diagnostic);
    }
    return out.toString();
  }

  /** Renders one; ends with a line end. */
  public String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    append(out, diagnostic);
    return out.toString();
  }

  private void append(StringBuilder out, Diagnostic diagnostic) {
    String heading = diagnostic.severity().label() + "[" + diagnostic.code().code() + "]";
    out.append(paint(diagnostic.severity(), heading))
        .append(": ")
        .append(diagnostic.message())
        .append('\n');
    SourceSpan span = diagnostic.span();
    if (!span.isNone()) {
      out.append("  --> ").append(span.location()).append('\n');
      appendExcerpt(out, span, diagnostic.severity());
    }
    for (Diagnostic.Note note : diagnostic.notes()) {
      String place = note.span().isNone() ? "" : note.span().location() + ": ";
      out.append("  note: ").append(place).append(note.message()).append('\n');
    }
    diagnostic.hint().ifPresent(hint -> out.append("  hint: ").append(hint).append('\n'));
  }

  private void appendExcerpt(StringBuilder out, SourceSpan span, Severity severity) {
    int line = span.line();
    String text = span.source().lineText(line);
    int from = Math.min(span.column() - 1, text.length());
    int to = span.endLine() == line ? Math.max(from, span.endColumn() - 1) : text.length();
    int cut = text.length() <= MAXIMUM_LINE ? 0 : Math.max(0, from - MAXIMUM_LINE / 2);
    String shown = text.substring(cut, Math.min(text.length(), cut + MAXIMUM_LINE));
    int width = Math.max(1, Math.min(to - from, shown.length() - (from - cut)));
    String gutter = " ".repeat(Integer.toString(line).length() + 1);
    out.append(gutter).append(" |\n");
    out.append(' ').append(line).append(" | ").append(shown).append('\n');
    out.append(gutter).append(" | ").append(blank(shown.substring(0, from - cut)));
    out.append(paint(severity, "^".repeat(width))).append('\n');
  }

  /** As wide as the text: tabs stay tabs, so that the carets stand under what they mean. */
  private static String blank(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.append(text.charAt(i) == '\t' ? '\t' : ' ');
    }
    return out.toString();
  }

  private String paint(Severity severity, String text) {
    return colour ? "\u001b[1;" + ansi(severity) + "m" + text + "\u001b[0m" : text;
  }

  private static int ansi(Severity severity) {
    return switch (severity) {
      case ERROR -> 31;
      case WARNING -> 33;
      case NOTE -> 36;
    };
  }
}

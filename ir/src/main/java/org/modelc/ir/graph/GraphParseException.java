package org.modelc.ir.graph;

/** Text that is no graph: the place, what was expected, and the line. */
public final class GraphParseException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;

  GraphParseException(String message, String text, int position) {
    super(describe(message, text, position));
    this.line = line(text, position);
    this.column = column(text, position);
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  /** Counted from 1. */
  public int column() {
    return column;
  }

  private static String describe(String message, String text, int position) {
    int start = position - column(text, position) + 1;
    int end = text.indexOf('\n', position);
    String source = text.substring(start, end < 0 ? text.length() : end);
    String caret = " ".repeat(column(text, position) - 1) + "^";
    String place = line(text, position) + ":" + column(text, position);
    return place + ": " + message + "\n" + source + "\n" + caret;
  }

  private static int line(String text, int position) {
    return (int) text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }

  private static int column(String text, int position) {
    return position - text.lastIndexOf('\n', position - 1);
  }
}

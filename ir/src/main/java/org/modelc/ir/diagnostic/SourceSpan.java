package org.modelc.ir.diagnostic;

/**
 * A stretch of a source text.
 *
 * @param source the text
 * @param start offset of the first character
 * @param end offset after the last character
 */
public record SourceSpan(SourceText source, int start, int end) implements Comparable<SourceSpan> {
  /** The span of things that stand in no text. */
  public static final SourceSpan NONE = new SourceSpan(SourceText.NONE, 0, 0);

  /** Checks that the offsets are ordered. */
  public SourceSpan {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("span from " + start + " to " + end);
    }
  }

  /** Whether this span stands in no text. */
  public boolean isNone() {
    return source == SourceText.NONE;
  }

  /** The file name as the user gave it. */
  public String file() {
    return source.name();
  }

  /** Line of the first character, from 1. */
  public int line() {
    return source.line(start);
  }

  /** Column of the first character, from 1. */
  public int column() {
    return source.column(start);
  }

  /** Line of the last character, from 1. */
  public int endLine() {
    return source.line(Math.max(start, end - 1));
  }

  /** Column after the last character, from 1. */
  public int endColumn() {
    return source.column(Math.max(start, end - 1)) + (end > start ? 1 : 0);
  }

  /** The text covered. */
  public String text() {
    return source.text().substring(start, end);
  }

  /** The smallest span that holds this one and another of the same text. */
  public SourceSpan to(SourceSpan other) {
    if (isNone() || other.isNone() || other.source != source) {
      return isNone() ? other : this;
    }
    return new SourceSpan(source, Math.min(start, other.start), Math.max(end, other.end));
  }

  /** {@code file:line:column}, or an empty text for {@link #NONE}. */
  public String location() {
    return isNone() ? "" : file() + ":" + line() + ":" + column();
  }

  /** By file name, then place; {@link #NONE} first. */
  @Override
  public int compareTo(SourceSpan other) {
    int byFile = file().compareTo(other.file());
    if (byFile != 0) {
      return byFile;
    }
    int byStart = Integer.compare(start, other.start);
    return byStart != 0 ? byStart : Integer.compare(end, other.end);
  }

  @Override
  public String toString() {
    return isNone() ? "<none>" : location();
  }
}

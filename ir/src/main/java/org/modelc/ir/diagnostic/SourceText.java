package org.modelc.ir.diagnostic;

import java.util.Arrays;

/** A named text, usually a model file, that knows its lines. Lines and columns count from 1. */
public final class SourceText {
  /** The text of things that come from no file. */
  public static final SourceText NONE = new SourceText("", "");

  private final String name;
  private final String text;
  private final int[] lineStarts;
  private final boolean basicPlane;

  /**
   * @param name the name shown to the user, as the user gave it
   * @param text the whole text
   */
  public SourceText(String name, String text) {
    this.name = name;
    this.text = text;
    this.lineStarts = lineStarts(text);
    this.basicPlane = text.codePointCount(0, text.length()) == text.length();
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      if (endsLine(text, i)) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  private static boolean endsLine(String text, int i) {
    char c = text.charAt(i);
    return c == '\n' || c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n');
  }

  /** The name shown to the user. */
  public String name() {
    return name;
  }

  /** The whole text. */
  public String text() {
    return text;
  }

  /** Whether each character is one UTF-16 unit, so that offsets of both kinds agree. */
  public boolean isBasicPlane() {
    return basicPlane;
  }

  /** How many lines the text has; an empty text has one. */
  public int lineCount() {
    return lineStarts.length;
  }

  /** The line, from 1, that holds an offset. */
  public int line(int offset) {
    int found = Arrays.binarySearch(lineStarts, clamp(offset));
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The column, from 1, of an offset, in UTF-16 units. */
  public int column(int offset) {
    int at = clamp(offset);
    return at - lineStarts[line(at) - 1] + 1;
  }

  /** The text of a line counted from 1, without its end. */
  public String lineText(int line) {
    int start = lineStarts[line - 1];
    int end = line < lineStarts.length ? lineStarts[line] : text.length();
    while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(start, end);
  }

  /** A span of this text from {@code start} to before {@code end}. */
  public SourceSpan span(int start, int end) {
    return new SourceSpan(this, clamp(start), Math.max(clamp(start), clamp(end)));
  }

  private int clamp(int offset) {
    return Math.max(0, Math.min(offset, text.length()));
  }

  @Override
  public String toString() {
    return name;
  }
}

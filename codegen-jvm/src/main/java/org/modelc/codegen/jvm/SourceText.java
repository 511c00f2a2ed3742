package org.modelc.codegen.jvm;

import java.util.List;

/** Collects lines of Java with indentation. */
final class SourceText {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  SourceText line(String line) {
    for (int i = 0; i < depth && !line.isEmpty(); i++) {
      text.append("  ");
    }
    text.append(line).append('\n');
    return this;
  }

  /** Adds whole lines. */
  SourceText text(String lines) {
    for (int from = 0; from < lines.length(); ) {
      int end = lines.indexOf('\n', from);
      end = end < 0 ? lines.length() : end;
      line(lines.substring(from, end));
      from = end + 1;
    }
    return this;
  }

  SourceText lines(List<String> lines) {
    lines.forEach(this::line);
    return this;
  }

  /** Opens a block: head and brace. */
  SourceText open(String head) {
    line(head + " {");
    depth++;
    return this;
  }

  SourceText close() {
    depth--;
    return line("}");
  }

  /** Closes a block and opens the next: {@code } head {}. */
  SourceText reopen(String head) {
    depth--;
    line("} " + head + " {");
    depth++;
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

package org.modelc.codegen.jvm;

import java.util.List;

/** Collects lines of Java with indentation. */
final class SourceText {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  SourceText line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
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

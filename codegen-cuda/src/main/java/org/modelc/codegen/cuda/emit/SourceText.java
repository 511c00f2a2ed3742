package org.modelc.codegen.cuda.emit;

/** Collects lines of CUDA C++ with indentation. */
public final class SourceText {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  public SourceText line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
    return this;
  }

  /** A line in which each {@code $} stands for one of the arguments, in order. */
  public SourceText line(String pattern, Object first, Object... more) {
    return line(filled(pattern, first, more));
  }

  /** Opens a block; in its head each {@code $} stands for one of the arguments, in order. */
  public SourceText open(String pattern, Object first, Object... more) {
    return open(filled(pattern, first, more));
  }

  private static String filled(String pattern, Object first, Object... more) {
    String[] pieces = pattern.split("\\$", -1);
    if (pieces.length != more.length + 2) {
      throw new IllegalArgumentException(more.length + 1 + " arguments for '" + pattern + "'");
    }
    StringBuilder text = new StringBuilder(pieces[0]).append(first);
    for (int i = 0; i < more.length; i++) {
      text.append(pieces[i + 1]).append(more[i]);
    }
    return text.append(pieces[more.length + 1]).toString();
  }

  /** Opens a block: head and brace. */
  public SourceText open(String head) {
    line(head.isEmpty() ? "{" : head + " {");
    depth++;
    return this;
  }

  public SourceText close() {
    depth--;
    return line("}");
  }

  /** Closes a block and opens the next: {@code } head {}. */
  public SourceText reopen(String head) {
    depth--;
    line("} " + head + " {");
    depth++;
    return this;
  }

  /** A block from head to closing brace. */
  public SourceText block(String head, Runnable body) {
    open(head);
    body.run();
    return close();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

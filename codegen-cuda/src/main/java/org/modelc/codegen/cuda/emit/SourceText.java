package org.modelc.codegen.cuda.emit;

/** Collects lines of CUDA C++ with indentation. */
public final class SourceText {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  public SourceText line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
    return this;
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

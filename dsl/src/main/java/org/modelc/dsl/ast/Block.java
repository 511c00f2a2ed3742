package org.modelc.dsl.ast;

import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;

/** Statements in braces. Its value is that of its last statement if that is an expression. */
public record Block(List<Statement> statements, SourceSpan span) implements Node {
  /** Copies the list. */
  public Block {
    statements = List.copyOf(statements);
  }
}

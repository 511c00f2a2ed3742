package org.modelc.dsl.ast;

import org.modelc.ir.diagnostic.SourceSpan;

/**
 * A name as written, without backquotes.
 *
 * @param text the name
 * @param span where it stands
 */
public record Name(String text, SourceSpan span) {
  @Override
  public String toString() {
    return text;
  }
}

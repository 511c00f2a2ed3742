package org.modelc.dsl.ast;

import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * The left side of a {@code let}: one name, or several that take a value apart.
 *
 * @param destructuring whether it was written in brackets
 */
public record Binding(List<Name> names, boolean destructuring, SourceSpan span) implements Node {
  /** Copies the list. */
  public Binding {
    names = List.copyOf(names);
  }
}

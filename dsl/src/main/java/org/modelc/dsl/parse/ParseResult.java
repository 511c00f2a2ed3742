package org.modelc.dsl.parse;

import java.util.List;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.ir.diagnostic.Diagnostic;

/**
 * What reading a text gave.
 *
 * @param file the tree, with broken nodes where the text was wrong
 * @param diagnostics syntax errors, by place
 */
public record ParseResult(ModelFile file, List<Diagnostic> diagnostics) {
  /** Copies the list. */
  public ParseResult {
    diagnostics = List.copyOf(diagnostics);
  }

  /** Whether the whole text was read. */
  public boolean isComplete() {
    return diagnostics.stream().noneMatch(Diagnostic::isError);
  }
}

package org.modelc.dsl.elaborate;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.Diagnostic;

/**
 * What elaboration gave.
 *
 * @param model the model; empty if there are errors
 * @param diagnostics errors and warnings, by place
 */
public record ElaborationResult(Optional<ElaboratedModel> model, List<Diagnostic> diagnostics) {
  /** Copies the list. */
  public ElaborationResult {
    diagnostics = List.copyOf(diagnostics);
  }
}

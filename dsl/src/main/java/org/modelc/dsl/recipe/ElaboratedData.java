package org.modelc.dsl.recipe;

import org.modelc.runtime.spec.DataSpec;

/**
 * A data block.
 *
 * @param folds cross-validation folds that it asks for; 0 for none
 * @param broken whether parts are missing because the text was wrong
 */
record ElaboratedData(DataSpec spec, int folds, boolean broken) {
  boolean hasValidation() {
    return has("validation") || (spec.split() != null && spec.split().validation() > 0);
  }

  boolean hasTest() {
    return folds > 0 || has("test") || (spec.split() != null && spec.split().test() > 0);
  }

  private boolean has(String binding) {
    return spec.sources().stream().anyMatch(source -> source.binding().equals(binding));
  }

  /** Whether the block computes a column of this name. */
  boolean computes(String column) {
    return spec.derived().stream().anyMatch(derived -> derived.name().equals(column));
  }
}

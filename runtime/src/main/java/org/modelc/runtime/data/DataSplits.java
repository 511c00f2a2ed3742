package org.modelc.runtime.data;

import java.util.List;

/**
 * Rows ready for training.
 *
 * @param train rows to learn from
 * @param validation rows that steer training (early stop); null if there are none
 * @param test rows that only the final measures see; null if there are none
 * @param counts what the row filters did
 */
public record DataSplits(
    Dataset train, Dataset validation, Dataset test, List<FilterCount> counts) {
  public DataSplits {
    counts = List.copyOf(counts);
  }

  /** The rows that final measures are taken on: test, else validation, else training rows. */
  public Dataset measured() {
    return test != null ? test : validation != null ? validation : train;
  }
}

package org.modelc.compiler;

import java.util.List;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.DatasetView;
import org.modelc.runtime.data.Splitter;
import org.modelc.runtime.spec.DataSpec.SplitSpec;

/**
 * Validation rows for cross-validation: folds divide the rows into learned and measured ones, and a
 * rule that stops by a measure needs a third part. It is taken from the rows to learn from, as many
 * as one of their folds, so that neither statistics nor the stop see the rows that are measured.
 */
final class StoppingRows {
  private StoppingRows() {}

  /**
   * The splits with validation rows, where the recipe has folds, stops by a measure and lacks them.
   */
  static DataSplits of(Compilation compilation, DataSplits splits) {
    boolean measured =
        compilation.recipe().stops().stream().anyMatch(stop -> stop.kind().equals("metric"));
    if (!measured || splits.validation() != null || compilation.recipe().folds() == 0) {
      return splits;
    }
    Dataset rows = splits.train();
    List<int[]> folds = folds(compilation, rows);
    return new DataSplits(
        new DatasetView(rows, Splitter.allBut(folds, 0)),
        new DatasetView(rows, folds.get(0)),
        splits.test(),
        splits.counts());
  }

  /** Rows in as many folds as the recipe has, stratified as the data block says. */
  static List<int[]> folds(Compilation compilation, Dataset rows) {
    int count = compilation.recipe().folds();
    SplitSpec split = compilation.manifest().data().split();
    long seed = split == null ? compilation.recipe().seed() : split.seed();
    boolean stratified = split != null && split.by() != null;
    return stratified
        ? Splitter.stratifiedFolds(rows, split.by(), count, seed)
        : Splitter.folds(rows.size(), count, seed);
  }
}

package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.FilterSpec;
import org.modelc.runtime.spec.DataSpec.SplitSpec;

/**
 * Executes a {@link DataSpec} over opened sources: derived columns, filters of rows, division, and
 * then the filters that learn from training rows.
 */
public final class DataPreparation {
  private final DataSpec spec;
  private final List<FilterCount> counts = new ArrayList<>();

  private DataPreparation(DataSpec spec) {
    this.spec = spec;
  }

  /**
   * The rows of a data block.
   *
   * @param sources opened datasets by the spec's bindings: {@code rows}, or {@code train} with
   *     {@code validation} and {@code test} or without
   * @throws DataException if a source is missing or empty, a column is unknown, or a part gets no
   *     rows
   */
  public static DataSplits prepare(DataSpec spec, Map<String, Dataset> sources) {
    return new DataPreparation(spec).prepare(sources);
  }

  private DataSplits prepare(Map<String, Dataset> sources) {
    Dataset main = sources.get(sources.containsKey("rows") ? "rows" : "train");
    if (main == null) {
      throw new DataException(
          "data `" + spec.name() + "` has no training rows", "bind `rows` or `train` to a source");
    }
    Dataset rows = rowwise(main);
    Dataset validation = other(sources.get("validation"));
    Dataset test = other(sources.get("test"));
    if (spec.split() != null) {
      SplitSpec split = spec.split();
      Splitter.Parts parts = Splitter.split(rows, split);
      validation = chosen("validation", validation, view(rows, parts.validation()));
      test = chosen("test", test, view(rows, parts.test()));
      rows = new DatasetView(rows, parts.train());
    }
    Dataset train = statistical(rows);
    if (train.size() == 0) {
      throw new DataException(
          "data `" + spec.name() + "` has no training rows", "check the filters");
    }
    return new DataSplits(train, validation, test, counts);
  }

  private static Dataset chosen(String part, Dataset source, Dataset cut) {
    if (source != null && cut != null) {
      throw new DataException(
          "there is a source of " + part + " rows and the split cuts some too",
          "give the split a share of 0 or drop the source");
    }
    return source == null ? cut : source;
  }

  private static Dataset view(Dataset rows, int[] part) {
    return part.length == 0 ? null : new DatasetView(rows, part);
  }

  private Dataset other(Dataset source) {
    return source == null ? null : rowwise(source);
  }

  private Dataset rowwise(Dataset source) {
    Dataset rows = DerivedDataset.of(source, spec.derived());
    for (FilterSpec filter : spec.filters()) {
      int[] kept =
          switch (filter.kind()) {
            case "drop_missing" -> RowFilters.complete(rows, filter.columns());
            case "drop_duplicates" -> RowFilters.distinct(rows, filter.columns());
            case "drop_outliers", "clip_outliers" -> null;
            default -> throw unknown(filter.kind());
          };
      if (kept != null) {
        counts.add(RowFilters.count(filter, rows.size() - kept.length, "rows dropped"));
        rows = kept.length == rows.size() ? rows : new DatasetView(rows, kept);
      }
    }
    return rows;
  }

  private Dataset statistical(Dataset train) {
    Dataset rows = train;
    for (FilterSpec filter : spec.filters()) {
      if (filter.kind().equals("drop_outliers")) {
        int[] kept = new OutlierFilter(filter, rows).inliers(rows);
        counts.add(RowFilters.count(filter, rows.size() - kept.length, "training rows dropped"));
        rows = new DatasetView(rows, kept);
      } else if (filter.kind().equals("clip_outliers")) {
        OutlierFilter outliers = new OutlierFilter(filter, rows);
        counts.add(
            RowFilters.count(filter, outliers.countOutliers(rows), "training values clipped"));
        rows = outliers.clipped(rows);
      }
    }
    return rows;
  }

  private static DataException unknown(String kind) {
    List<String> kinds =
        List.of("drop_missing", "drop_duplicates", "drop_outliers", "clip_outliers");
    return new DataException("no row filter `" + kind + "`", NearestName.hint(kind, kinds));
  }
}

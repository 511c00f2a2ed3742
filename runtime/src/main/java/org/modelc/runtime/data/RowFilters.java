package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.runtime.spec.DataSpec.FilterSpec;

/**
 * The filters that look at rows by themselves: gaps and repetitions. {@link OutlierFilter} holds
 * those that need statistics.
 */
final class RowFilters {
  private static final int CHUNK = 4096;

  private RowFilters() {}

  /** What one filter did, for the report. */
  static FilterCount count(FilterSpec filter, int rows, String what) {
    return new FilterCount(filter.kind(), filter.columns(), rows, what);
  }

  /** The rows that have a value in each of the columns (all columns if none are named). */
  static int[] complete(Dataset data, List<String> columns) {
    List<String> names = columns.isEmpty() ? data.names() : columns;
    RowList kept = new RowList();
    for (int from = 0; from < data.size(); from += CHUNK) {
      ColumnBatch batch = read(data, from, names);
      for (int row = 0; row < batch.rows(); row++) {
        if (!missing(batch, row)) {
          kept.add(from + row);
        }
      }
    }
    return kept.sorted();
  }

  private static boolean missing(ColumnBatch batch, int row) {
    for (int i = 0; i < batch.columns().size(); i++) {
      if (batch.columns().get(i).isMissing(batch.values(i), row)) {
        return true;
      }
    }
    return false;
  }

  /** The rows whose values in the columns (all if none are named) occur in no row before them. */
  static int[] distinct(Dataset data, List<String> columns) {
    List<String> names = columns.isEmpty() ? data.names() : columns;
    Set<List<Object>> seen = new HashSet<>();
    RowList kept = new RowList();
    for (int from = 0; from < data.size(); from += CHUNK) {
      ColumnBatch batch = read(data, from, names);
      for (int row = 0; row < batch.rows(); row++) {
        if (seen.add(key(batch, row))) {
          kept.add(from + row);
        }
      }
    }
    return kept.sorted();
  }

  /** The values of a row; a tensor by its elements. */
  private static List<Object> key(ColumnBatch batch, int row) {
    List<Object> key = new ArrayList<>(batch.columns().size());
    for (int i = 0; i < batch.columns().size(); i++) {
      key.add(batch.columns().get(i).key(batch.values(i), row));
    }
    return key;
  }

  private static ColumnBatch read(Dataset data, int from, List<String> names) {
    int to = Math.min(data.size(), from + CHUNK);
    return data.read(Dataset.range(from, to), names);
  }

  /** The number columns among those named, all number columns if none are named. */
  static List<String> numberColumns(Dataset data, List<String> columns) {
    List<String> names = new ArrayList<>();
    for (String name : columns.isEmpty() ? data.names() : columns) {
      if (data.column(name).type() == ColumnType.NUMBER) {
        names.add(name);
      } else if (!columns.isEmpty()) {
        throw new DataException(
            "outliers of column `" + data.column(name) + "`", "only number columns have outliers");
      }
    }
    return names;
  }

  /** The finite values, ascending. */
  static double[] sortedValues(double[] column) {
    double[] values = new double[column.length];
    int count = 0;
    for (double value : column) {
      if (!Double.isNaN(value)) {
        values[count++] = value;
      }
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted;
  }
}

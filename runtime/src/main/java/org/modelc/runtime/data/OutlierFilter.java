package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.DataSpec.FilterSpec;

/**
 * Drops or clips outliers of training rows, by bounds learned from them: {@code iqr} keeps [q1 −
 * f·r, q3 + f·r] with r = q3 − q1 (quartiles interpolated linearly, factor 1.5 unless given),
 * {@code z} keeps mean ± f population deviations (factor 3).
 *
 * <p>Validation and test rows stay as they are: what a model meets later is not filtered either. A
 * model that shall clip what it is given says {@code clipped} in its input.
 */
final class OutlierFilter {
  private final Map<String, double[]> bounds = new HashMap<>();
  private final List<String> columns;

  OutlierFilter(FilterSpec filter, Dataset train) {
    columns = RowFilters.numberColumns(train, filter.columns());
    for (String column : columns) {
      double[] values = RowFilters.sortedValues(train.readAll(List.of(column)).numbers(column));
      bounds.put(column, boundsOf(filter, values));
    }
  }

  private static double[] boundsOf(FilterSpec filter, double[] values) {
    Object method = filter.options().getOrDefault("method", "iqr");
    Object factor = filter.options().get("factor");
    if (method.equals("iqr")) {
      return quartileBounds(values, factor == null ? 1.5 : ((Number) factor).doubleValue());
    }
    if (method.equals("z")) {
      return deviationBounds(values, factor == null ? 3 : ((Number) factor).doubleValue());
    }
    throw new DataException("outliers by `" + method + "`", "there are: iqr, z");
  }

  private static double[] quartileBounds(double[] sorted, double factor) {
    double first = quantile(sorted, 0.25);
    double third = quantile(sorted, 0.75);
    double range = third - first;
    return new double[] {first - factor * range, third + factor * range};
  }

  /** The quantile by linear interpolation, NumPy's default (type 7 of Hyndman and Fan, 1996). */
  static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  private static double[] deviationBounds(double[] values, double factor) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double deviation = Math.sqrt(variance);
    return new double[] {mean - factor * deviation, mean + factor * deviation};
  }

  /** The rows without an outlier; a missing value is none. */
  int[] inliers(Dataset data) {
    ColumnBatch batch = data.readAll(columns);
    RowList kept = new RowList();
    for (int row = 0; row < batch.rows(); row++) {
      if (!outlying(batch, row)) {
        kept.add(row);
      }
    }
    return kept.sorted();
  }

  private boolean outlying(ColumnBatch batch, int row) {
    for (String column : columns) {
      double value = batch.numbers(column)[row];
      double[] bound = bounds.get(column);
      if (value < bound[0] || value > bound[1]) {
        return true;
      }
    }
    return false;
  }

  /** How many values lie outside their bounds. */
  int countOutliers(Dataset data) {
    ColumnBatch batch = data.readAll(columns);
    int count = 0;
    for (String column : columns) {
      double[] bound = bounds.get(column);
      for (double value : batch.numbers(column)) {
        count += value < bound[0] || value > bound[1] ? 1 : 0;
      }
    }
    return count;
  }

  /** The data with values moved to the nearest bound. */
  Dataset clipped(Dataset data) {
    return new Clipped(data, new HashMap<>(bounds));
  }

  private record Clipped(Dataset source, Map<String, double[]> bounds) implements Dataset {
    @Override
    public List<Column> columns() {
      return source.columns();
    }

    @Override
    public int size() {
      return source.size();
    }

    @Override
    public ColumnBatch read(int[] rows, List<String> names) {
      ColumnBatch batch = source.read(rows, names);
      for (String name : new ArrayList<>(names)) {
        double[] bound = bounds.get(name);
        if (bound != null) {
          clip(batch.numbers(name), bound);
        }
      }
      return batch;
    }

    private static void clip(double[] values, double[] bound) {
      for (int i = 0; i < values.length; i++) {
        if (!Double.isNaN(values[i])) {
          values[i] = Math.min(Math.max(values[i], bound[0]), bound[1]);
        }
      }
    }
  }
}

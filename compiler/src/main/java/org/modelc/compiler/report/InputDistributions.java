package org.modelc.compiler.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.transform.Transforms;

/**
 * How raw columns are distributed over training rows; many columns of one input share a picture.
 */
final class InputDistributions {
  private static final int BINS = 20;
  private static final int MOST_CATEGORIES = 12;
  private static final int MOST_COLUMNS = 24;
  private static final int MOST_ROWS = 5_000;

  private final Dataset rows;
  private final int[] sample;
  private final List<ReportData.Distribution> found = new ArrayList<>();

  private InputDistributions(Dataset rows) {
    this.rows = rows;
    int stride = Math.max(1, rows.size() / MOST_ROWS);
    this.sample = new int[(rows.size() + stride - 1) / stride];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = i * stride;
    }
  }

  static List<ReportData.Distribution> of(ModelManifest manifest, Dataset rows) {
    InputDistributions distributions = new InputDistributions(rows);
    for (InputSpec input : manifest.inputs()) {
      FittedTransform fitted = manifest.fitted().get(input.name());
      distributions.add(input.name(), Transforms.columns(fitted));
    }
    Set<String> targets = new LinkedHashSet<>();
    for (MeasureSpec measure : manifest.recipe().measures()) {
      targets.add(measure.target());
    }
    targets.stream()
        .filter(rows::has)
        .forEach(target -> distributions.add(target, List.of(target)));
    return distributions.found;
  }

  private void add(String input, List<String> columns) {
    if (columns.size() > MOST_COLUMNS) {
      numbers(input + " (" + columns.size() + " columns)", values(columns));
      return;
    }
    for (String name : columns) {
      Column column = rows.column(name);
      if (column.type() == ColumnType.TEXT) {
        texts(name, rows.read(sample, List.of(name)).texts(name));
      } else {
        numbers(name, values(List.of(name)));
      }
    }
  }

  private double[] values(List<String> columns) {
    ColumnBatch batch = rows.read(sample, columns);
    List<double[]> parts = new ArrayList<>();
    for (String name : columns) {
      if (batch.column(name).type() != ColumnType.TEXT) {
        parts.add(widened(batch.values(name)));
      }
    }
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] widened(Object array) {
    if (array instanceof double[] numbers) {
      return numbers;
    }
    double[] numbers = new double[java.lang.reflect.Array.getLength(array)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = java.lang.reflect.Array.getDouble(array, i);
    }
    return numbers;
  }

  private void texts(String name, String[] values) {
    Map<String, Long> counts = new TreeMap<>();
    long missing = 0;
    for (String value : values) {
      if (value == null) {
        missing++;
      } else {
        counts.merge(value, 1L, Long::sum);
      }
    }
    add(name, counts, missing);
  }

  private void add(String name, Map<String, Long> counts, long missing) {
    List<Map.Entry<String, Long>> order = new ArrayList<>(counts.entrySet());
    order.sort(Map.Entry.<String, Long>comparingByValue().reversed());
    List<Map.Entry<String, Long>> shown = order.subList(0, Math.min(MOST_CATEGORIES, order.size()));
    found.add(
        new ReportData.Distribution(
            name,
            shown.stream().map(Map.Entry::getKey).toList(),
            shown.stream().mapToLong(Map.Entry::getValue).toArray(),
            missing));
  }

  private void numbers(String name, double[] values) {
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    int missing = values.length - finite.length;
    double[] distinct =
        Arrays.stream(finite).distinct().limit(MOST_CATEGORIES + 1L).sorted().toArray();
    if (distinct.length <= MOST_CATEGORIES) {
      List<String> bins = Arrays.stream(distinct).mapToObj(InputDistributions::text).toList();
      long[] counts = new long[distinct.length];
      for (double value : finite) {
        counts[Arrays.binarySearch(distinct, value)]++;
      }
      found.add(new ReportData.Distribution(name, bins, counts, missing));
      return;
    }
    found.add(histogram(name, finite, missing));
  }

  private static ReportData.Distribution histogram(String name, double[] values, long missing) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(1);
    double width = (high - low) / BINS;
    long[] counts = new long[BINS];
    for (double value : values) {
      counts[(int) Math.min(BINS - 1, (value - low) / width)]++;
    }
    List<String> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      bins.add(text(low + i * width) + " – " + text(low + (i + 1) * width));
    }
    return new ReportData.Distribution(name, bins, counts, missing);
  }

  private static String text(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") ? text : text.replaceAll("\\.0+$|(\\.\\d*?)0+$", "$1");
  }
}

package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.data.ClassLabels;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.DatasetView;
import org.modelc.runtime.metrics.Metric;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.TargetRule;

/** Finds mistakes that would make a training worthless, before it begins and after it ends. */
public final class TrainingChecks {
  private TrainingChecks() {}

  /**
   * Checks that no row is in two parts of the data.
   *
   * @throws TrainingException if validation or test rows are training rows, or validation rows test
   *     rows
   */
  public static void requireDisjoint(DataSplits data) {
    requireDisjoint("training", data.train(), "test", data.test());
    requireDisjoint("training", data.train(), "validation", data.validation());
    requireDisjoint("validation", data.validation(), "test", data.test());
  }

  private static void requireDisjoint(String one, Dataset left, String other, Dataset right) {
    if (left == null || right == null) {
      return;
    }
    Map<Dataset, Set<Integer>> rows = new IdentityHashMap<>();
    for (int row = 0; row < left.size(); row++) {
      Place place = place(left, row);
      if (!rows.containsKey(place.source)) {
        rows.put(place.source, new HashSet<>());
      }
      rows.get(place.source).add(place.row);
    }
    int shared = 0;
    for (int row = 0; row < right.size(); row++) {
      Place place = place(right, row);
      Set<Integer> taken = rows.get(place.source);
      shared += taken != null && taken.contains(place.row) ? 1 : 0;
    }
    if (shared > 0) {
      throw new TrainingException(
          shared + " of " + right.size() + " " + other + " rows are " + one + " rows too",
          "what is measured on them says nothing about new data: split the rows, or give each part a"
              + " source of its own");
    }
  }

  private record Place(Dataset source, int row) {}

  private static Place place(Dataset data, int row) {
    Dataset source = data;
    int at = row;
    while (source instanceof DatasetView) {
      at = ((DatasetView) source).sourceRow(at);
      source = ((DatasetView) source).source();
    }
    return new Place(source, at);
  }

  /**
   * Checks that each class that is measured occurs among training rows.
   *
   * @throws TrainingException naming the classes that do not
   */
  public static void requireClasses(RecipeSpec recipe, DataSplits data) {
    for (MeasureSpec measure : recipe.measures()) {
      boolean classes = Metrics.measuresClasses(Metrics.of(measure.kind()));
      if (classes && data.train().has(measure.target())) {
        Set<String> known = classes(data.train(), measure.target());
        requireKnown(measure, known, "validation", data.validation());
        requireKnown(measure, known, "test", data.test());
      }
    }
  }

  private static Set<String> classes(Dataset data, String column) {
    Set<String> classes = new TreeSet<>();
    for (String label : ClassLabels.of(data, column)) {
      if (label != null) {
        classes.add(label);
      }
    }
    return classes;
  }

  private static void requireKnown(
      MeasureSpec measure, Set<String> known, String part, Dataset data) {
    if (data == null) {
      return;
    }
    Set<String> missing = classes(data, measure.target());
    missing.removeAll(known);
    if (!missing.isEmpty()) {
      throw new TrainingException(
          "class "
              + String.join(", ", missing)
              + " of `"
              + measure.target()
              + "` occurs among "
              + part
              + " rows and never among training rows",
          "stratify the split by `" + measure.target() + "`, or shuffle it");
    }
  }

  /**
   * Checks targets against the ranges their losses need.
   *
   * @throws TrainingException with the first value that is out of range
   */
  static void requireRanges(List<TargetRule> rules, Examples examples, String part) {
    for (TargetRule rule : rules) {
      for (int i = 0; i < examples.inputs().size(); i++) {
        RowInputs.Input input = examples.inputs().get(i);
        if (input.name().equals(rule.input())) {
          requireRange(rule, examples.column(i), input.rowSize(), part);
        }
      }
    }
  }

  private static void requireRange(TargetRule rule, double[] values, int rowSize, String part) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= rule.minimum() && values[i] <= rule.maximum())) {
        throw new TrainingException(
            "`"
                + rule.input()
                + "` is "
                + ClassLabels.of(values[i])
                + " in "
                + part
                + " row "
                + (i / rowSize + 1)
                + ", it must lie from "
                + ClassLabels.of(rule.minimum())
                + " to "
                + ClassLabels.of(rule.maximum()),
            rule.reason());
      }
    }
  }

  /**
   * A sentence for each measure by which the model is no better than the best constant predictor.
   */
  public static List<String> comparedToBaselines(
      RecipeSpec recipe, Map<String, Double> metrics, Map<String, Double> baselines) {
    List<String> warnings = new ArrayList<>();
    for (MeasureSpec measure : recipe.measures()) {
      if (!metrics.containsKey(measure.name())) {
        continue;
      }
      Metric metric = Metrics.of(measure.kind());
      double value = metrics.get(measure.name());
      double baseline = baselines.get(measure.name());
      boolean better = metric.higherIsBetter() ? value > baseline : value < baseline;
      if (metric.baselineIsMeaningful() && !better) {
        warnings.add(
            "the model is no better than the best constant predictor: "
                + measure.name()
                + " "
                + (float) value
                + ", the constant's "
                + (float) baseline);
      }
    }
    return warnings;
  }
}

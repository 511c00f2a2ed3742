package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.DatasetView;
import org.modelc.runtime.data.Splitter;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.DataSpec.FilterSpec;
import org.modelc.runtime.train.Measured;
import org.modelc.runtime.train.Measures;
import org.modelc.runtime.train.TrainingResult;

/**
 * k-fold cross-validation over the training rows: each fold is measured once by a model that
 * learned, transforms included, from the others.
 */
final class CrossValidation {
  /** Trains once. */
  interface Training {
    TrainingResult train(Compilation compilation, DataSplits splits, boolean last);
  }

  /** A measure's value and the constant predictor's, by fold. */
  record Measure(List<Double> values, List<Double> baselines) {}

  private final Compilation compilation;
  private final Training training;
  private final Consumer<String> warnings;
  private final List<Measured> measured = new ArrayList<>();

  CrossValidation(Compilation compilation, Training training, Consumer<String> warnings) {
    this.compilation = compilation;
    this.training = training;
    this.warnings = warnings;
  }

  /** Measures by name, each with a value a fold. */
  Map<String, Measure> run() {
    Dataset rows = rowsBeforeStatistics();
    List<int[]> folds = StoppingRows.folds(compilation, rows);
    Map<String, Measure> measures = new LinkedHashMap<>();
    measured.clear();
    for (int fold = 0; fold < folds.size(); fold++) {
      Dataset train = filtered(new DatasetView(rows, Splitter.allBut(folds, fold)));
      Dataset held = new DatasetView(rows, folds.get(fold));
      measured.add(measure(train, held));
      add(measures, measured.get(fold));
    }
    return measures;
  }

  /** The held-out rows of the last run, each measured once. */
  Measured pooled() {
    return PooledFolds.of(measured);
  }

  /** Training rows before the filters that learn from them, which each fold must do for itself. */
  private Dataset rowsBeforeStatistics() {
    if (filters(true).isEmpty()) {
      return compilation.rows().splits().train();
    }
    DataSpec data = compilation.manifest().data();
    DataSpec rowwise =
        new DataSpec(data.name(), data.sources(), filters(false), data.derived(), data.split());
    return ModelRows.open(rowwise, compilation.source()).splits().train();
  }

  private Dataset filtered(Dataset train) {
    List<FilterSpec> filters = filters(true);
    if (filters.isEmpty()) {
      return train;
    }
    DataSpec data = compilation.manifest().data();
    DataSpec statistics = new DataSpec(data.name(), data.sources(), filters, List.of(), null);
    return DataPreparation.prepare(statistics, Map.of("rows", train)).train();
  }

  /** The filters that learn from rows, or those that look at each row alone. */
  private List<FilterSpec> filters(boolean learning) {
    return compilation.manifest().data().filters().stream()
        .filter(filter -> filter.kind().endsWith("outliers") == learning)
        .toList();
  }

  private Measured measure(Dataset train, Dataset held) {
    DataSplits splits = StoppingRows.of(compilation, new DataSplits(train, null, held, List.of()));
    LearnedState learned = Compiler.learn(compilation, new ModelRows(splits, List.of()), warnings);
    Compilation fold = Compiler.relearned(compilation, learned);
    TrainingResult result = training.train(fold, splits, false);
    return new Measures(fold.manifest(), fold.programSet(result.tensors())).of(held);
  }

  private static void add(Map<String, Measure> measures, Measured measured) {
    measured
        .metrics()
        .forEach(
            (name, value) -> {
              Measure measure =
                  measures.computeIfAbsent(
                      name, key -> new Measure(new ArrayList<>(), new ArrayList<>()));
              measure.values().add(value);
              measure.baselines().add(measured.baselines().get(name));
            });
  }

  static Map<String, Double> means(Map<String, Measure> folds) {
    Map<String, Double> means = new LinkedHashMap<>();
    folds.forEach((name, measure) -> means.put(name, mean(measure.values())));
    return means;
  }

  static Map<String, Double> baselines(Map<String, Measure> folds) {
    Map<String, Double> means = new LinkedHashMap<>();
    folds.forEach((name, measure) -> means.put(name, mean(measure.baselines())));
    return means;
  }

  static Map<String, List<Double>> values(Map<String, Measure> folds) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    folds.forEach((name, measure) -> values.put(name, List.copyOf(measure.values())));
    return values;
  }

  /** The mean of values. */
  static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** The sample standard deviation of values. */
  static double deviation(List<Double> values) {
    double mean = mean(values);
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / Math.max(1, values.size() - 1));
  }
}

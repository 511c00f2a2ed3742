package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.report.ReportData;
import org.modelc.compiler.report.TrainingReport;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.train.Measured;
import org.modelc.runtime.train.Measures;
import org.modelc.runtime.train.Trainer;
import org.modelc.runtime.train.TrainingChecks;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.train.TrainingPlan;
import org.modelc.runtime.train.TrainingResult;

/**
 * A training from a model file to its jar, under way on one thread and cancellable from another.
 *
 * <p>Compile, cross-validate if the recipe says so, train, measure, check requirements, pack.
 */
public final class ModelTraining {
  private final ModelSource source;
  private final Supplier<Compilation> compile;
  private final TrainOptions options;
  private final TrainingListener listener;
  private final List<String> warnings = new ArrayList<>();
  private Trainer current;
  private boolean cancelled;
  private Distillation teacher;

  /** What cross-validation saw of the rows it held out; null without it. */
  private Measured heldOut;

  /**
   * Prepares a training; {@link #run} does everything.
   *
   * @param listener hears of every step, on the thread that runs
   */
  public ModelTraining(ModelSource source, TrainOptions options, TrainingListener listener) {
    this(source, () -> Compiler.compile(source, options.compile()), options, listener);
  }

  ModelTraining(
      ModelSource source,
      Supplier<Compilation> compile,
      TrainOptions options,
      TrainingListener listener) {
    this.source = source;
    this.compile = compile;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Asks to stop after the step that is under way, its state saved if there is a checkpoint file.
   */
  public synchronized void cancel() {
    cancelled = true;
    if (current != null) {
      current.cancel();
    }
  }

  /**
   * Trains.
   *
   * @throws org.modelc.ir.diagnostic.DiagnosticException if the file has errors
   * @throws ModelcException if data, recipe or checkpoint cannot be used, or the loss stays not
   *     finite
   */
  public TrainedModel run() {
    long start = System.nanoTime();
    Compilation compiled = compile.get();
    compiled.warnings().stream().map(Diagnostic::message).forEach(this::warn);
    if (compiled.recipe() == null || compiled.rows() == null) {
      throw new ModelcException(
          source.text().name()
              + " does not say how model "
              + compiled.model().name()
              + " is trained",
          "write a `train " + compiled.model().name() + " on DATA { … }` block and the data block");
    }
    RecipeSpec recipe = options.apply(compiled.recipe());
    Compilation compilation = compiled.with(recipe, Compiler.learned(compiled.manifest()));
    compilation.rows().warnings().forEach(this::warn);
    teacher = Distillation.of(source, compilation.model().name());
    if (compilation.compression() != null) {
      ModelCompression.check(compilation);
    }
    double compileSeconds = seconds(start);
    start = System.nanoTime();
    Map<String, CrossValidation.Measure> folds = crossValidate(compilation);
    Compilation last = withStoppingRows(compilation);
    TrainingResult result = train(last, last.rows().splits(), true);
    double trainSeconds = seconds(start);
    return finish(last, result, folds, compileSeconds, trainSeconds);
  }

  /** The training that makes the jar learns from all rows but those that say when to stop. */
  private Compilation withStoppingRows(Compilation compilation) {
    DataSplits splits = StoppingRows.of(compilation, compilation.rows().splits());
    if (splits == compilation.rows().splits()) {
      return compilation;
    }
    ModelRows rows = new ModelRows(splits, compilation.rows().warnings());
    LearnedState learned = Compiler.learn(compilation, rows, this::warn);
    return Compiler.relearned(compilation, learned).withRows(rows);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private void warn(String message) {
    warnings.add(message);
    listener.warning(message);
  }

  private Map<String, CrossValidation.Measure> crossValidate(Compilation compilation) {
    if (compilation.recipe().folds() == 0) {
      return Map.of();
    }
    CrossValidation validation = new CrossValidation(compilation, this::train, this::warn);
    Map<String, CrossValidation.Measure> measures = validation.run();
    heldOut = validation.pooled();
    return measures;
  }

  /** One training; only the last of a run keeps a checkpoint. */
  TrainingResult train(Compilation plain, DataSplits splits, boolean last) {
    Compilation compilation = Distillation.learning(plain, teacher);
    TrainingOptions execution = options.execution().withCheck(new CheckedStep(compilation));
    return train(
        compilation,
        splits,
        last ? execution : execution.withCheckpoint(null, false),
        last ? listener : TrainingListener.SILENT);
  }

  /** A pruned model's training; it has no checkpoint. */
  private Map<String, Tensor> retrain(
      Compilation compilation, Map<String, Tensor> from, TrainingListener changes) {
    TrainingOptions execution =
        options
            .execution()
            .withCheck(new CheckedStep(compilation))
            .withCheckpoint(null, false)
            .withInitial(from);
    return train(
            compilation,
            compilation.rows().splits(),
            execution,
            new ListenerPair(changes, listener))
        .tensors();
  }

  private TrainingResult train(
      Compilation compilation,
      DataSplits splits,
      TrainingOptions execution,
      TrainingListener hears) {
    Map<String, Tensor> fixed = new LinkedHashMap<>(compilation.programs().constants());
    fixed.putAll(Distillation.constantsOf(teacher));
    TrainingPlan plan =
        new TrainingPlan(
            compilation.manifest(), compilation.programs(), splits, fixed, source.text().text());
    Trainer trainer = new Trainer(plan, execution, hears);
    synchronized (this) {
      current = trainer;
      if (cancelled) {
        trainer.cancel();
      }
    }
    return trainer.train();
  }

  private TrainedModel finish(
      Compilation compilation,
      TrainingResult result,
      Map<String, CrossValidation.Measure> folds,
      double compileSeconds,
      double trainSeconds) {
    Measures measures =
        new Measures(compilation.manifest(), compilation.programSet(result.tensors()));
    DataSplits splits = compilation.rows().splits();
    Map<String, Map<String, Double>> metrics = new LinkedHashMap<>();
    Map<String, Map<String, Double>> baselines = new LinkedHashMap<>();
    Measured shown = null;
    CompressedModel compressed = compress(compilation, result);
    for (Map.Entry<String, Dataset> part : parts(splits, folds).entrySet()) {
      Measured measured = measures.of(part.getValue());
      metrics.put(part.getKey(), withLoss(measured));
      baselines.put(part.getKey(), measured.baselines());
      shown = measured;
    }
    if (!folds.isEmpty()) {
      String part = splits.test() == null ? "test" : "folds";
      metrics.put(part, CrossValidation.means(folds));
      baselines.put(part, CrossValidation.baselines(folds));
    }
    String judged = judged(metrics);
    TrainingChecks.comparedToBaselines(
            compilation.recipe(),
            metrics.getOrDefault(judged, Map.of()),
            baselines.getOrDefault(judged, Map.of()))
        .forEach(this::warn);
    ModelManifest manifest = Manifests.with(compilation.manifest(), metrics, baselines);
    ModelJar plain = Compiler.pack(compilation, manifest, result.tensors());
    List<ReportData.Requirement> requirements =
        new ArrayList<>(
            Requirements.check(
                compilation.recipe().requirements(),
                metrics.getOrDefault(judged, Map.of()),
                sizes(compilation, plain, result)));
    if (compressed != null) {
      requirements.addAll(compressed.requirements());
    }
    ModelJar jar = compressed == null ? plain : compressed.jar(metrics, baselines);
    TrainingReport report =
        new TrainingReport(
            compilation,
            result,
            metrics,
            baselines,
            CrossValidation.values(folds),
            requirements,
            List.copyOf(warnings),
            compressed == null ? null : compressed.table());
    return new TrainedModel(
        compilation,
        result,
        metrics,
        baselines,
        CrossValidation.values(folds),
        List.copyOf(requirements),
        compressed,
        List.copyOf(warnings),
        report.data(
            splits.test() == null && heldOut != null ? heldOut : shown,
            compileSeconds,
            trainSeconds),
        jar,
        new TreeMap<>(Map.of("compile", compileSeconds, "train", trainSeconds)));
  }

  /** The compressed model, measured on the last of the measured rows; null if none is wanted. */
  private CompressedModel compress(Compilation compilation, TrainingResult result) {
    if (compilation.compression() == null) {
      return null;
    }
    DataSplits splits = compilation.rows().splits();
    Map.Entry<String, Dataset> last = measuredRows(splits);
    CompressedModel compressed =
        new ModelCompression(compilation.compression(), compilation, result.tensors(), teacher)
            .run(splits.train(), last.getKey(), last.getValue(), this::retrain);
    compressed.warnings().forEach(this::warn);
    return compressed;
  }

  /** The rows that a model is held against: test rows, else the best there are, with their name. */
  static Map.Entry<String, Dataset> measuredRows(DataSplits splits) {
    List<Map.Entry<String, Dataset>> parts = List.copyOf(parts(splits, Map.of()).entrySet());
    return parts.get(parts.size() - 1);
  }

  /** The rows to measure on, the test rows last. */
  private static Map<String, Dataset> parts(
      DataSplits splits, Map<String, CrossValidation.Measure> folds) {
    Map<String, Dataset> parts = new LinkedHashMap<>();
    if (splits.validation() != null) {
      parts.put("validation", splits.validation());
    }
    if (splits.test() != null) {
      parts.put("test", splits.test());
    }
    if (parts.isEmpty() && folds.isEmpty()) {
      parts.put("train", splits.train());
    }
    return parts;
  }

  private static Map<String, Double> withLoss(Measured measured) {
    Map<String, Double> values = new LinkedHashMap<>();
    if (!Double.isNaN(measured.loss())) {
      values.put("loss", measured.loss());
    }
    values.putAll(measured.metrics());
    return values;
  }

  /** The rows that requirements are held against: test rows, else the best there are. */
  private static String judged(Map<String, Map<String, Double>> metrics) {
    return Stream.of("test", "validation", "train")
        .filter(metrics::containsKey)
        .findFirst()
        .orElse("");
  }

  private static Map<String, DoubleSupplier> sizes(
      Compilation compilation, ModelJar jar, TrainingResult result) {
    Map<String, DoubleSupplier> sizes = new LinkedHashMap<>();
    sizes.put("jar", jar::sizeWithoutRuntime);
    CallCost cost = new CallCost(compilation, result.tensors());
    sizes.put("latency", cost::medianMicroseconds);
    sizes.put("memory", cost::bytes);
    return sizes;
  }
}

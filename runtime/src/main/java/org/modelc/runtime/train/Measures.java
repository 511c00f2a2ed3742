package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.RowFunction;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.metrics.ConfusionMatrix;
import org.modelc.runtime.metrics.Metric;
import org.modelc.runtime.metrics.MetricInput;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.workers.Cohort;

/** Takes a recipe's measures, and the loss, over the rows of a dataset. */
public final class Measures {
  private static final int CHUNK = 256;

  private final ModelManifest manifest;
  private final ProgramSet programs;
  private final Cohort cohort;
  private final List<MeasureSpec> specs;
  private final Map<String, Frame> frames = new LinkedHashMap<>();

  /**
   * The measures of a manifest's recipe.
   *
   * @param programs the programs over the tensors to be measured
   */
  public Measures(ModelManifest manifest, ProgramSet programs) {
    this(manifest, programs, new Cohort(null, 1));
  }

  /** Measures whose calls are shared by workers. */
  public Measures(ModelManifest manifest, ProgramSet programs, Cohort cohort) {
    this.manifest = manifest;
    this.programs = programs;
    this.cohort = cohort;
    this.specs = manifest.recipe() == null ? List.of() : manifest.recipe().measures();
    for (MeasureSpec spec : specs) {
      Metrics.of(spec.kind());
      frame(function(spec).program());
    }
  }

  /** Workspace of the largest program that measuring runs, in bytes. */
  public static long peakBytes(ModelManifest manifest) {
    long peak = 0;
    for (ProgramAbi program : manifest.programs()) {
      boolean runs = program.name().equals("evaluate");
      for (MeasureSpec spec : manifest.recipe().measures()) {
        runs |= program.name().equals(spec.function());
      }
      Map<String, Integer> dims = new LinkedHashMap<>();
      for (String dim : program.dims()) {
        dims.put(dim, CHUNK);
      }
      peak = runs ? Math.max(peak, program.peakBytes().evaluate(dims)) : peak;
    }
    return peak;
  }

  /** Measures all rows of a dataset, the loss included if the model has the program for it. */
  public Measured of(Dataset data) {
    return of(examples(data, Runtime.getRuntime().maxMemory() / 4), programs.has("evaluate"));
  }

  /** The rows with all that measures and the loss read. */
  Examples examples(Dataset data, long cacheBytes) {
    return new Examples(data, new RowInputs(manifest, inputs(data)), cacheBytes);
  }

  private List<RowInputs.Input> inputs(Dataset data) {
    Map<String, RowInputs.Input> inputs = new LinkedHashMap<>();
    for (MeasureSpec spec : specs) {
      addInputs(function(spec).program(), inputs);
    }
    if (programs.has("evaluate")) {
      addInputs("evaluate", inputs);
    }
    for (MeasureSpec spec : specs) {
      if (!inputs.containsKey(spec.target())) {
        inputs.put(spec.target(), target(spec.target(), data));
      }
    }
    return new ArrayList<>(inputs.values());
  }

  private void addInputs(String program, Map<String, RowInputs.Input> inputs) {
    for (RowInputs.Input input : new RowFunction(programs.program(program)).inputs()) {
      inputs.put(input.name(), input);
    }
  }

  /** A target that no program takes: a category by its index, anything else as numbers. */
  private RowInputs.Input target(String name, Dataset data) {
    boolean category = manifest.labels().containsKey(name);
    return new RowInputs.Input(name, category ? DType.I32 : DType.F64, data.column(name).rowSize());
  }

  Measured of(Examples examples, boolean withLoss) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (MeasureSpec spec : specs) {
      FunctionSpec function = function(spec);
      if (!results.containsKey(function.name() + "." + spec.result())) {
        for (Map.Entry<String, Tensor> e : run(function.program(), examples).entrySet()) {
          results.put(function.name() + "." + e.getKey(), e.getValue());
        }
      }
    }
    return measure(examples, results, withLoss ? meanLoss(examples) : Double.NaN);
  }

  private Measured measure(Examples examples, Map<String, Tensor> results, double loss) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    Map<String, Double> baselines = new LinkedHashMap<>();
    Map<String, ConfusionMatrix> confusions = new LinkedHashMap<>();
    Map<String, double[]> targets = new LinkedHashMap<>();
    for (MeasureSpec spec : specs) {
      MetricInput input = input(spec, examples, results, targets);
      Metric metric = Metrics.of(spec.kind());
      metrics.put(spec.name(), metric.value(input));
      baselines.put(spec.name(), metric.baseline(input));
      if (Metrics.measuresClasses(metric)) {
        confusions.put(spec.name(), ConfusionMatrix.of(input));
      }
    }
    return new Measured(loss, metrics, baselines, confusions, results, targets);
  }

  private static MetricInput input(
      MeasureSpec spec,
      Examples examples,
      Map<String, Tensor> results,
      Map<String, double[]> targets) {
    String name = spec.function() + "." + spec.result();
    Tensor result = results.get(name);
    if (result == null) {
      throw new TrainingException(
          "measure " + spec.name() + ": there is no result `" + name + "`",
          NearestName.hint(name, results.keySet()));
    }
    double[] target = targets.get(spec.target());
    if (target == null) {
      target = examples.column(position(examples, spec.target()));
      targets.put(spec.target(), target);
    }
    double[] predicted = new double[result.size()];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = result.at(i);
    }
    int width = predicted.length / examples.size();
    boolean classes = !result.dtype().isFloating();
    return new MetricInput(predicted, width, classes, target, null, spec.options());
  }

  /** The mean over all elements of the loss per example. */
  private double meanLoss(Examples examples) {
    double sum = 0;
    Tensor loss = run("evaluate", examples).get("loss");
    for (int i = 0; i < loss.size(); i++) {
      sum += loss.at(i);
    }
    return sum / loss.size();
  }

  private Map<String, Tensor> run(String program, Examples examples) {
    Frame frame = frame(program);
    RowFunction function = new RowFunction(frame.program());
    Map<String, Tensor> results = function.newResults(examples.size());
    Object[] arrays = examples.newArrays(CHUNK);
    Object[] bound = new Object[function.inputs().size()];
    for (int i = 0; i < bound.length; i++) {
      bound[i] = arrays[position(examples, function.inputs().get(i).name())];
    }
    for (int from = 0; from < examples.size(); from += CHUNK) {
      int[] rows = Dataset.range(from, Math.min(examples.size(), from + CHUNK));
      examples.read(rows, arrays);
      function.run(frame, bound, rows.length, results, from);
    }
    return results;
  }

  private static int position(Examples examples, String input) {
    for (int i = 0; i < examples.inputs().size(); i++) {
      if (examples.inputs().get(i).name().equals(input)) {
        return i;
      }
    }
    throw new IllegalStateException("no input " + input);
  }

  private Frame frame(String program) {
    Frame frame = frames.get(program);
    if (frame == null) {
      frame = programs.frame(program, cohort);
      frames.put(program, frame);
    }
    return frame;
  }

  private FunctionSpec function(MeasureSpec spec) {
    List<String> names = new ArrayList<>();
    for (FunctionSpec function : manifest.functions()) {
      if (function.name().equals(spec.function())) {
        return function;
      }
      names.add(function.name());
    }
    throw new TrainingException(
        "measure " + spec.name() + ": there is no exported function `" + spec.function() + "`",
        NearestName.hint(spec.function(), names));
  }
}

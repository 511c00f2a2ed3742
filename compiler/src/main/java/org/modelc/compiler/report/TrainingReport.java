package org.modelc.compiler.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.metrics.ConfusionMatrix;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.train.EpochResult;
import org.modelc.runtime.train.Measured;
import org.modelc.runtime.train.TrainingResult;

/**
 * Gathers what a report shows from a training.
 *
 * @param folds values of each fold by measure
 */
public record TrainingReport(
    Compilation compilation,
    TrainingResult training,
    Map<String, Map<String, Double>> metrics,
    Map<String, Map<String, Double>> baselines,
    Map<String, List<Double>> folds,
    List<ReportData.Requirement> requirements,
    List<String> warnings,
    CompressionTable compression) {
  private static final int MOST_POINTS = 2_000;
  private static final String NORM = "gradient_norm/";

  /**
   * The report's data.
   *
   * @param shown what was measured on the last of the measured rows; null if there was nothing
   */
  public ReportData data(Measured shown, double compileSeconds, double trainSeconds) {
    ModelManifest manifest = compilation.manifest();
    String split = List.copyOf(metrics.keySet()).isEmpty() ? "" : lastSplit();
    return new ReportData(
        manifest.name(),
        manifest.doc(),
        summary(compileSeconds, trainSeconds),
        metrics,
        baselines,
        requirements,
        warnings,
        training.history().stream().map(this::epoch).toList(),
        shown == null ? null : confusion(split, shown),
        shown == null ? null : residuals(split, shown),
        InputDistributions.of(manifest, compilation.rows().splits().train()),
        manifest.parameters().stream().map(TrainingReport::layer).toList(),
        GraphDrawing.svg(drawn()),
        memory(),
        folds,
        compression);
  }

  private String lastSplit() {
    List<String> splits = List.copyOf(metrics.keySet());
    return splits.get(splits.size() - 1);
  }

  private Map<String, String> summary(double compileSeconds, double trainSeconds) {
    Map<String, String> summary = new LinkedHashMap<>();
    var splits = compilation.rows().splits();
    summary.put("training rows", text(splits.train().size()));
    if (splits.validation() != null) {
      summary.put("validation rows", text(splits.validation().size()));
    }
    if (splits.test() != null) {
      summary.put("test rows", text(splits.test().size()));
    }
    splits.counts().forEach(count -> summary.put(count.kind(), count.toString()));
    summary.put("epochs", text(training.history().size()));
    summary.put("ended", training.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    summary.put("parameters of epoch", text(training.bestEpoch()));
    summary.put("compile", String.format(Locale.ROOT, "%.2f s", compileSeconds));
    summary.put("train", String.format(Locale.ROOT, "%.2f s", trainSeconds));
    summary.put("rows a second", text(Math.round(training.samplesPerSecond())));
    return summary;
  }

  private static String text(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private ReportData.Epoch epoch(EpochResult result) {
    Map<String, Double> validation = new LinkedHashMap<>();
    if (!Double.isNaN(result.validationLoss())) {
      validation.put("loss", result.validationLoss());
    }
    validation.putAll(result.metrics());
    Map<String, Double> squares = new LinkedHashMap<>();
    for (Map.Entry<String, Double> norm : result.gradientNorms().entrySet()) {
      if (norm.getKey().startsWith(NORM)) {
        String layer = layerOf(norm.getKey().substring(NORM.length()));
        squares.merge(layer, norm.getValue() * norm.getValue(), Double::sum);
      }
    }
    Map<String, Double> norms = new java.util.TreeMap<>();
    squares.forEach((layer, square) -> norms.put(layer, Math.sqrt(square)));
    double rows = compilation.rows().splits().train().size();
    return new ReportData.Epoch(
        result.epoch(),
        result.loss(),
        result.rate(),
        result.seconds(),
        result.seconds() > 0 ? rows / result.seconds() : 0,
        validation,
        norms);
  }

  /** {@code logits.dense_2.weight} belongs to {@code logits.dense_2}. */
  private static String layerOf(String parameter) {
    int dot = parameter.lastIndexOf('.');
    return dot < 0 ? parameter : parameter.substring(0, dot);
  }

  private static ReportData.Layer layer(TensorSpec parameter) {
    long count =
        parameter.shape().stream().mapToLong(dim -> dim.value()).reduce(1, Math::multiplyExact);
    String name = parameter.name().substring(parameter.name().lastIndexOf('.') + 1);
    return new ReportData.Layer(
        layerOf(parameter.name()), name, parameter.dtype() + parameter.shape().toString(), count);
  }

  private ReportData.Confusion confusion(String split, Measured shown) {
    for (MeasureSpec measure : compilation.recipe().measures()) {
      ConfusionMatrix matrix = shown.confusions().get(measure.name());
      if (matrix != null) {
        return confusion(split, matrix, compilation.manifest().labels().get(measure.target()));
      }
    }
    return null;
  }

  private static ReportData.Confusion confusion(
      String split, ConfusionMatrix matrix, List<String> known) {
    List<String> labels = new ArrayList<>();
    long[][] counts = new long[matrix.classes()][matrix.classes()];
    for (int i = 0; i < counts.length; i++) {
      labels.add(known == null || i >= known.size() ? Integer.toString(i) : known.get(i));
      for (int j = 0; j < counts.length; j++) {
        counts[i][j] = Math.round(matrix.counts()[i][j]);
      }
    }
    return new ReportData.Confusion(split, labels, counts);
  }

  private ReportData.Residuals residuals(String split, Measured shown) {
    if (!shown.confusions().isEmpty()) {
      return null;
    }
    for (MeasureSpec measure : compilation.recipe().measures()) {
      Tensor predicted = shown.results().get(measure.function() + "." + measure.result());
      double[] actual = shown.targets().get(measure.target());
      boolean numbers = predicted != null && predicted.dtype().isFloating();
      if (numbers && actual != null && actual.length == predicted.size()) {
        return residuals(split, predicted, actual);
      }
    }
    return null;
  }

  private static ReportData.Residuals residuals(String split, Tensor predicted, double[] actual) {
    int stride = Math.max(1, (actual.length + MOST_POINTS - 1) / MOST_POINTS);
    int count = (actual.length + stride - 1) / stride;
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = predicted.at(i * stride);
      y[i] = actual[i * stride];
    }
    return new ReportData.Residuals(split, x, y);
  }

  /** The first exported function, before any pass: ops as the reader of the file knows them. */
  private org.modelc.ir.graph.Graph drawn() {
    return compilation.model().functions().stream()
        .filter(ElaboratedFunction::exported)
        .findFirst()
        .orElse(compilation.model().functions().get(0))
        .inference();
  }

  private List<ReportData.Memory> memory() {
    List<ReportData.Memory> memory = new ArrayList<>();
    for (ProgramAbi program : compilation.manifest().programs()) {
      Map<String, Integer> dims = new LinkedHashMap<>();
      program.dims().forEach(dim -> dims.put(dim, compilation.recipe().batch()));
      memory.add(
          new ReportData.Memory(
              program.name(), program.peakBytes() + " bytes", program.peakBytes().evaluate(dims)));
    }
    return memory;
  }
}

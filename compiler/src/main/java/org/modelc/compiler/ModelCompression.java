package org.modelc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.modelc.compiler.compress.CompressedPrograms;
import org.modelc.compiler.compress.Compression;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.compress.StoredParameter;
import org.modelc.compiler.compress.TensorArrays;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.compiler.report.ReportData;
import org.modelc.dsl.recipe.CompressSpec;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.Pipeline;
import org.modelc.passes.compress.MultiplyAdds;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.metrics.Metrics;
import org.modelc.runtime.spec.RecipeSpec.MeasureSpec;
import org.modelc.runtime.spec.RecipeSpec.RequirementSpec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.train.Measured;
import org.modelc.runtime.train.Measures;

/** Runs a compress block on a trained model, and measures the model before and after. */
final class ModelCompression {
  /** A model of more parameters takes too long to measure one by one. */
  private static final int MOST_SENSITIVITIES = 64;

  private final CompressSpec spec;
  private final Compilation before;
  private final Map<String, Tensor> trained;
  private final Distillation teacher;

  /**
   * @param trained parameters and states
   * @param teacher whom a model that is trained further listens to; null without one
   */
  ModelCompression(
      CompressSpec spec, Compilation before, Map<String, Tensor> trained, Distillation teacher) {
    this.teacher = teacher;
    this.spec = spec;
    this.before = before;
    this.trained = trained;
  }

  /**
   * Finds mistakes of a block before the training.
   *
   * @throws org.modelc.ir.diagnostic.DiagnosticException for a pattern that matches nothing
   */
  static void check(Compilation compilation) {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    for (List<TensorSpec> specs :
        List.of(compilation.manifest().parameters(), compilation.manifest().states())) {
      for (TensorSpec spec : specs) {
        zeros.put(spec.name(), Tensor.zeros(spec.dtype(), ModelResources.shape(spec)));
      }
    }
    CompressSpec spec = compilation.compression();
    new ModelPruning(spec.prune(), compilation);
    Compression.check(spec, inferencePrograms(compilation), zeros);
  }

  /**
   * Compresses.
   *
   * @param train the rows to calibrate on
   * @param part what the measured rows are called
   * @param measured the rows that both models are measured on
   * @param retraining trains a pruned model, by the loss that it is given with
   */
  CompressedModel run(
      Dataset train, String part, Dataset measured, ModelPruning.Retraining retraining) {
    ModelPruning.Pruned pruned = prune(retraining);
    CompressedPrograms compressed =
        Compression.of(
            spec,
            inferencePrograms(pruned.compilation()),
            pruned.tensors(),
            before.manifest(),
            train,
            new QuantizedTraining(pruned.compilation(), retraining, teacher));
    Compilation after =
        pruned.compilation().compressed(compressed.programs(), compressed.tensors());
    Map<String, Double> metricsBefore = metrics(before, trained, measured);
    Map<String, Double> metricsAfter = metrics(after, compressed.tensors(), measured);
    Map<String, DoubleSupplier> sizesBefore = sizes(before, trained);
    Map<String, DoubleSupplier> sizesAfter = sizes(after, compressed.tensors());
    List<CompressionTable.Quantity> quantities = new ArrayList<>();
    metricsBefore.forEach(
        (name, value) ->
            quantities.add(
                new CompressionTable.Quantity(part + " " + name, value, metricsAfter.get(name))));
    sizesBefore.forEach(
        (name, size) ->
            quantities.add(
                new CompressionTable.Quantity(
                    name, size.getAsDouble(), sizesAfter.get(name).getAsDouble())));
    return new CompressedModel(
        after,
        compressed.tensors(),
        withSensitivities(pruned.compilation(), compressed, measured),
        part,
        metricsAfter,
        quantities,
        check(quantities, metricsBefore, metricsAfter),
        compressed.warnings());
  }

  /** What each parameter costs when it alone is stored as chosen; by weights, not inputs. */
  private List<StoredParameter> withSensitivities(
      Compilation model, CompressedPrograms compressed, Dataset rows) {
    if (compressed.rounded().isEmpty() || compressed.rounded().size() > MOST_SENSITIVITIES) {
      return compressed.parameters();
    }
    Map<String, Tensor> plain = TensorArrays.tensors(compressed.values());
    Compilation floats = model.over(compressed.plain(), List.of(), plain);
    String measure =
        before.recipe().measures().isEmpty() ? "loss" : before.recipe().measures().get(0).name();
    Map<String, Double> whole = metrics(floats, plain, rows);
    List<StoredParameter> lines = new ArrayList<>();
    for (StoredParameter line : compressed.parameters()) {
      Array rounded = compressed.rounded().get(line.name());
      if (rounded == null) {
        lines.add(line);
        continue;
      }
      Map<String, Tensor> one = new LinkedHashMap<>(plain);
      one.put(line.name(), TensorArrays.tensor(rounded));
      lines.add(line.withSensitivity(lost(measure, whole, metrics(floats, one, rows))));
    }
    return lines;
  }

  private ModelPruning.Pruned prune(ModelPruning.Retraining retraining) {
    return spec.prune().isEmpty()
        ? new ModelPruning.Pruned(before, trained)
        : new ModelPruning(spec.prune(), before)
            .run(
                trained,
                (pruned, from, listener) ->
                    retraining.train(Distillation.learning(pruned, teacher), from, listener));
  }

  /** The programs as they were before any pass. */
  static List<Graph> inferencePrograms(Compilation before) {
    List<Graph> programs = new ArrayList<>();
    for (ProgramStages stages : before.stages()) {
      if (stages.pipeline() == Pipeline.INFERENCE && stages.name().equals(stages.graph().name())) {
        programs.add(stages.graph());
      }
    }
    return programs;
  }

  private static Map<String, Double> metrics(
      Compilation compilation, Map<String, Tensor> tensors, Dataset rows) {
    Measured measured =
        new Measures(compilation.manifest(), compilation.programSet(tensors)).of(rows);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", measured.loss());
    values.putAll(measured.metrics());
    return values;
  }

  private static Map<String, DoubleSupplier> sizes(
      Compilation compilation, Map<String, Tensor> tensors) {
    Map<String, DoubleSupplier> sizes = new LinkedHashMap<>();
    sizes.put("multiply-adds", () -> multiplyAdds(compilation));
    CallCost cost = new CallCost(compilation, tensors);
    sizes.put("parameters", () -> bytes(tensors));
    sizes.put("jar", () -> jar(compilation, tensors).sizeWithoutRuntime());
    sizes.put("latency", cost::medianMicroseconds);
    sizes.put("memory", cost::bytes);
    return sizes;
  }

  /** Of one row through the loss function, which every model has; its own products are few. */
  private static double multiplyAdds(Compilation compilation) {
    return inferencePrograms(compilation).stream()
        .filter(program -> program.name().equals(Compression.LOSS))
        .mapToLong(MultiplyAdds::of)
        .sum();
  }

  private static ModelJar jar(Compilation compilation, Map<String, Tensor> tensors) {
    return Compiler.pack(compilation, compilation.manifest(), tensors);
  }

  private static double bytes(Map<String, Tensor> tensors) {
    double bytes = 0;
    for (Tensor tensor : tensors.values()) {
      bytes += (double) tensor.size() * tensor.dtype().bytes();
    }
    return bytes;
  }

  private List<ReportData.Requirement> check(
      List<CompressionTable.Quantity> quantities,
      Map<String, Double> metricsBefore,
      Map<String, Double> metricsAfter) {
    Map<String, Double> values = new LinkedHashMap<>(metricsAfter);
    for (CompressionTable.Quantity quantity : quantities) {
      boolean share = quantity.name().equals("parameters");
      values.put(quantity.name(), share ? quantity.after() / quantity.before() : quantity.after());
    }
    List<ReportData.Requirement> outcomes = new ArrayList<>();
    for (RequirementSpec each : spec.requirements()) {
      Map<String, Double> known = new LinkedHashMap<>(values);
      if (each.comparison().equals(CompressSpec.WITHIN)) {
        known.put(each.name(), lost(each.name(), metricsBefore, metricsAfter));
      }
      outcomes.addAll(Requirements.check(List.of(each), known, Map.of()));
    }
    return outcomes;
  }

  /** By how much a measure got worse; below 0 if it got better. */
  private double lost(String name, Map<String, Double> old, Map<String, Double> now) {
    boolean higherIsBetter =
        before.recipe().measures().stream()
            .filter(measure -> measure.name().equals(name))
            .map(MeasureSpec::kind)
            .anyMatch(kind -> Metrics.of(kind).higherIsBetter());
    double gained = now.get(name) - old.get(name);
    return higherIsBetter ? -gained : gained;
  }
}

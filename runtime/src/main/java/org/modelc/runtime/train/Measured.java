package org.modelc.runtime.train;

import java.util.Map;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.metrics.ConfusionMatrix;

/**
 * What was measured on some rows.
 *
 * @param loss the mean loss per example; NaN if it was not taken
 * @param metrics values by the measure's name
 * @param baselines the best constant predictor's values by the measure's name
 * @param confusions confusion matrices by the measure's name, where classes are measured
 * @param results the functions' results, by {@code function.result}
 * @param targets the targets' values, by column
 */
public record Measured(
    double loss,
    Map<String, Double> metrics,
    Map<String, Double> baselines,
    Map<String, ConfusionMatrix> confusions,
    Map<String, Tensor> results,
    Map<String, double[]> targets) {}

package org.modelc.dsl.recipe;

import org.modelc.ir.diagnostic.SourceSpan;

/**
 * A {@code distill} sentence: whose results a model learns from besides its targets. The runtime
 * never sees it.
 *
 * @param model the model's name
 * @param function an exported function of model and teacher
 * @param result its result that is compared
 * @param path the teacher's jar, relative to the model file
 * @param temperature what the logarithms of probabilities are divided by, above 0
 * @param weight the share of the loss that is the teacher's, above 0, up to 1
 */
public record DistillSpec(
    String model,
    String function,
    String result,
    String path,
    double temperature,
    double weight,
    SourceSpan span) {}

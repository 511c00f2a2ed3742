package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * A learned transform of raw columns, as a tree: {@code standardized(imputed(Age, by: median))}.
 *
 * <p>Leaves are {@code column} nodes. What a transform learns (means, categories, vocabularies) is
 * fitted on training rows alone and saved in the manifest as {@link FittedTransform}.
 *
 * @param kind the registered name: {@code column}, {@code imputed}, {@code standardized}, {@code
 *     min_max}, {@code one_hot}, {@code clipped}, {@code concat}, {@code reshaped}, {@code scaled},
 *     …
 * @param columns the raw columns a leaf reads, in order; a name with {@code *} is a pattern
 * @param inputs the transforms whose results this one takes
 * @param options named settings: numbers, text, booleans or lists of these
 */
public record TransformSpec(
    String kind, List<String> columns, List<TransformSpec> inputs, Map<String, Object> options) {
  public TransformSpec {
    columns = List.copyOf(columns);
    inputs = List.copyOf(inputs);
    options = Map.copyOf(options);
  }
}

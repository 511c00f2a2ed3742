package org.modelc.compiler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.elaborate.LearnedInput;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.SpecCodec;

/**
 * What the data teaches before any training: it travels with the parameters, in the metadata of
 * their safetensors file.
 *
 * @param fitted the inputs' transforms by input name
 * @param labels class names by data column, index order
 */
public record LearnedState(Map<String, FittedTransform> fitted, Map<String, List<String>> labels) {
  /** Nothing was learned. */
  public static final LearnedState NONE = new LearnedState(Map.of(), Map.of());

  /** The metadata key of safetensors files. */
  public static final String METADATA = org.modelc.runtime.typed.Learning.METADATA;

  public LearnedState {
    fitted = Map.copyOf(fitted);
    labels = Map.copyOf(labels);
  }

  /** As text for metadata. */
  public String encode() {
    return SpecCodec.write(this);
  }

  /**
   * Reads metadata.
   *
   * @throws org.modelc.runtime.FormatException if the text is no such state
   */
  public static LearnedState decode(String text) {
    return SpecCodec.read(text, LearnedState.class);
  }

  /** What elaboration needs to know of the inputs. */
  Map<String, LearnedInput> inputs(List<InputSpec> inputs) {
    Map<String, LearnedInput> learned = new LinkedHashMap<>();
    for (InputSpec input : inputs) {
      FittedTransform transform = fitted.get(input.name());
      if (transform != null) {
        learned.put(input.name(), new LearnedInput(input.dtype(), transform.shape()));
      }
    }
    return learned;
  }
}

package org.modelc.runtime.spec;

import java.util.List;
import java.util.Map;

/**
 * Everything a model jar says of itself: {@code META-INF/modelc/<Model>.json}.
 *
 * @param format the format's version, {@value #FORMAT} today; a higher one is refused
 * @param name the model's name and the simple name of its class
 * @param doc the doc comment, or empty
 * @param compiler the version of modelc that made the jar
 * @param backend what trained and measured the model: {@code jvm}, or {@code native} with the
 *     instruction-set level
 * @param parameters the learned tensors, in the order of the safetensors file
 * @param states the saved states
 * @param inputs the inputs with their transforms
 * @param fitted what the inputs' transforms learned, by input name
 * @param labels class names by data column, index order, where the target is a category
 * @param functions the exported functions
 * @param programs every compiled program as bytecode
 * @param nativeCode the same programs as native code; null if there is none
 * @param data the data block; null if the file has none
 * @param recipe the train block; null if the file has none
 * @param targets ranges that the losses of the recipe need targets to lie in
 * @param metrics metrics by split and measure, of the training that made the jar
 * @param baselines the best constant predictor's value of each of {@code metrics}
 * @param terms what the publisher asks for, by {@link org.modelc.runtime.Terms}'s names; empty if
 *     nothing
 * @param crc32 checksums of the jar's other resources by name, as hexadecimal text
 */
public record ModelManifest(
    int format,
    String name,
    String doc,
    String compiler,
    String backend,
    List<TensorSpec> parameters,
    List<TensorSpec> states,
    List<InputSpec> inputs,
    Map<String, FittedTransform> fitted,
    Map<String, List<String>> labels,
    List<FunctionSpec> functions,
    List<ProgramAbi> programs,
    NativeSpec nativeCode,
    DataSpec data,
    RecipeSpec recipe,
    List<TargetRule> targets,
    Map<String, Map<String, Double>> metrics,
    Map<String, Map<String, Double>> baselines,
    Map<String, String> terms,
    Map<String, String> crc32) {
  /** The newest manifest format this runtime reads. */
  public static final int FORMAT = 1;

  public ModelManifest {
    parameters = List.copyOf(parameters);
    states = List.copyOf(states);
    inputs = List.copyOf(inputs);
    fitted = Map.copyOf(fitted);
    labels = Map.copyOf(labels);
    functions = List.copyOf(functions);
    programs = (List<?>) programs instanceof LaterList ? programs : List.copyOf(programs);
    targets = List.copyOf(targets);
    metrics = Map.copyOf(metrics);
    baselines = Map.copyOf(baselines);
    terms = Map.copyOf(terms);
    crc32 = Map.copyOf(crc32);
  }
}

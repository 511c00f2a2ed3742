package org.modelc.dsl.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.RecipeSpec;

/**
 * The specs of a model file. Where the text had mistakes they are in the diagnostics, and parts may
 * be missing here.
 *
 * @param data the data blocks, in the order written
 * @param inputs the learned inputs by model, in the order written
 * @param recipes the train blocks, in the order written
 * @param compressions the compress blocks, in the order written
 * @param distillations the distill sentences, in the order written
 */
public record FileSpecs(
    List<DataSpec> data,
    Map<String, List<InputSpec>> inputs,
    List<RecipeSpec> recipes,
    List<CompressSpec> compressions,
    List<DistillSpec> distillations) {
  /** Copies lists and map. */
  public FileSpecs {
    data = List.copyOf(data);
    inputs = Map.copyOf(inputs);
    recipes = List.copyOf(recipes);
    compressions = List.copyOf(compressions);
    distillations = List.copyOf(distillations);
  }

  /** The data block of a name. */
  public Optional<DataSpec> dataNamed(String name) {
    return data.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** The learned inputs of a model; empty if it has none. */
  public List<InputSpec> inputsOf(String model) {
    return inputs.getOrDefault(model, List.of());
  }

  /** The recipe of a model. */
  public Optional<RecipeSpec> recipeOf(String model) {
    return recipes.stream().filter(each -> each.model().equals(model)).findFirst();
  }

  /** The compression of a model. */
  public Optional<CompressSpec> compressionOf(String model) {
    return compressions.stream().filter(each -> each.model().equals(model)).findFirst();
  }

  /** Whom a model learns from besides its targets. */
  public Optional<DistillSpec> distillationOf(String model) {
    return distillations.stream().filter(each -> each.model().equals(model)).findFirst();
  }
}

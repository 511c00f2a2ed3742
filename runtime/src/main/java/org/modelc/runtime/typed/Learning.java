package org.modelc.runtime.typed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.SpecCodec;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.train.Trainer;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.runtime.train.TrainingPlan;
import org.modelc.runtime.train.TrainingResult;

/** What a model of a jar can learn further, and how its parameters are kept. */
public final class Learning {
  /** The metadata of a parameter file that says what data taught before any training. */
  public static final String METADATA = "modelc.learned";

  private Learning() {}

  /**
   * Trains on from a model's parameters, by the recipe in its jar. What its inputs learned (means,
   * categories) stays as it is. A checkpoint of the options is deleted once the training is done.
   *
   * @param train raw rows to learn from, with the columns of the recipe's data block
   * @param validation raw rows that steer the training; may be null
   * @return a new model; the given one is unchanged
   * @throws ModelcException if the jar has no recipe, or the rows cannot be used
   */
  public static Model train(
      Model model,
      Dataset train,
      Dataset validation,
      TrainingOptions options,
      TrainingListener listener) {
    ModelManifest manifest = model.manifest();
    if (manifest.recipe() == null) {
      throw new ModelcException(
          "model " + manifest.name() + " has no recipe", "write a `train` block in its file");
    }
    DataSplits rows =
        new DataSplits(derived(manifest, train), derived(manifest, validation), null, List.of());
    Map<String, Tensor> learned = learned(model);
    TrainingPlan plan =
        new TrainingPlan(manifest, model.programs().code(), rows, constants(model), "");
    TrainingOptions continued = options.initial() == null ? options.withInitial(learned) : options;
    TrainingResult result = new Trainer(plan, continued, listener).train();
    forget(options.checkpoint(), listener);
    Map<String, Tensor> tensors = new LinkedHashMap<>(result.tensors());
    tensors.putAll(constants(model));
    return model.withTensors(tensors);
  }

  /** The checkpoint of a training that is done would be taken for that of the next one. */
  private static void forget(Path checkpoint, TrainingListener listener) {
    try {
      if (checkpoint != null) {
        Files.deleteIfExists(checkpoint);
      }
    } catch (IOException undeletable) {
      listener.warning("the checkpoint " + checkpoint + " cannot be deleted; the training is done");
    }
  }

  /** Rows with the columns that the data block computes. */
  private static Dataset derived(ModelManifest manifest, Dataset rows) {
    if (rows == null || manifest.data() == null) {
      return rows;
    }
    DataSpec data = manifest.data();
    DataSpec whole = new DataSpec(data.name(), data.sources(), List.of(), data.derived(), null);
    Map<String, Dataset> source = new HashMap<>();
    source.put("rows", rows);
    return DataPreparation.prepare(whole, source).train();
  }

  /** Parameters and states in the order of the manifest. */
  private static Map<String, Tensor> learned(Model model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : model.manifest().parameters()) {
      tensors.put(spec.name(), model.tensors().get(spec.name()));
    }
    for (TensorSpec spec : model.manifest().states()) {
      tensors.put(spec.name(), model.tensors().get(spec.name()));
    }
    return tensors;
  }

  private static Map<String, Tensor> constants(Model model) {
    Map<String, Tensor> constants = new LinkedHashMap<>(model.tensors());
    constants.keySet().removeAll(learned(model).keySet());
    return constants;
  }

  /**
   * Writes parameters and states as a safetensors file, whole or not at all; {@code modelc build
   * --weights} reads it.
   *
   * @throws ModelcException if the file cannot be written
   */
  public static void save(Model model, Path file) {
    Map<String, Object> manifest = SpecCodec.encode(model.manifest());
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("fitted", manifest.get("fitted"));
    state.put("labels", manifest.get("labels"));
    new Safetensors(learned(model), Map.of(METADATA, Json.write(state))).write(file);
  }

  /**
   * A model with the parameters of a file.
   *
   * @throws ModelcException if the file is missing or damaged, or a parameter is missing or of
   *     another shape
   */
  public static Model load(Model model, Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(model.tensors());
    for (TensorSpec spec : model.manifest().parameters()) {
      tensors.remove(spec.name());
    }
    tensors.putAll(Safetensors.read(file).tensors());
    return model.withTensors(tensors);
  }
}

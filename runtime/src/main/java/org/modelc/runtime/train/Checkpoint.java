package org.modelc.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.SpecCodec;

/**
 * A training's state as a safetensors file: the tensors by name, those of the best epoch as {@code
 * best:<name>}, and {@link Progress} as JSON in the metadata. No generator's state is needed: all
 * that is random follows from the seed and a position.
 */
final class Checkpoint {
  private static final String KEY = "modelc.checkpoint";
  private static final String BEST = "best:";

  private final String recipe;
  private final String data;
  private final String backend;

  Checkpoint(String recipe, String data, String backend) {
    this.recipe = recipe;
    this.data = data;
    this.backend = backend;
  }

  void write(Path file, TrainingState state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors);
    for (Map.Entry<String, Tensor> entry : state.best.entrySet()) {
      tensors.put(BEST + entry.getKey(), entry.getValue());
    }
    String text = Json.write(SpecCodec.encode(progress(state)));
    new Safetensors(tensors, Map.of(KEY, text)).write(file);
  }

  private Progress progress(TrainingState state) {
    List<Integer> waits = new ArrayList<>();
    for (int wait : state.waits) {
      waits.add(wait);
    }
    return new Progress(
        Progress.FORMAT,
        recipe,
        data,
        backend,
        state.epoch,
        state.batch,
        state.step,
        state.sums,
        state.bestValue,
        state.bestEpoch,
        waits,
        state.consecutiveBad,
        state.rows,
        state.seconds,
        state.history);
  }

  /**
   * Restores a state.
   *
   * @throws TrainingException if the checkpoint is of another recipe, other data or another backend
   * @throws FormatException if the file is corrupt, no checkpoint, or of a newer format
   */
  void read(Path file, TrainingState state) {
    Safetensors content = Safetensors.read(file);
    String text = content.metadata().get(KEY);
    if (text == null) {
      throw new FormatException(file + " is no checkpoint", "it has no training progress in it");
    }
    Map<String, Object> json = Json.readObject(text);
    SpecCodec.checkFormat("checkpoint " + file, json.get("format"), Progress.FORMAT);
    Progress progress = SpecCodec.decode(json, Progress.class);
    check(file, progress);
    restore(progress, state);
    restore(content.tensors(), state);
  }

  private void check(Path file, Progress progress) {
    // First, since the programs' contracts, which are part of the recipe's fingerprint, differ too.
    refuse(file, "another backend", progress.backend(), backend);
    refuse(file, "another model or recipe", progress.recipe(), recipe);
    refuse(file, "other data", progress.data(), data);
  }

  private static void refuse(Path file, String what, String found, String expected) {
    if (!expected.equals(found)) {
      throw new TrainingException(
          file + " is a checkpoint of " + what + " (" + found + ", now " + expected + ")",
          "delete it to begin anew, or undo the change to go on");
    }
  }

  private static void restore(Progress progress, TrainingState state) {
    state.epoch = progress.epoch();
    state.batch = progress.batch();
    state.step = progress.step();
    state.sums.clear();
    state.sums.putAll(progress.sums());
    state.bestValue = progress.bestValue();
    state.bestEpoch = progress.bestEpoch();
    for (int i = 0; i < state.waits.length; i++) {
      state.waits[i] = progress.waits().get(i);
    }
    state.consecutiveBad = progress.consecutiveBad();
    state.rows = progress.rows();
    state.seconds = progress.seconds();
    state.history.clear();
    state.history.addAll(progress.history());
  }

  private static void restore(Map<String, Tensor> tensors, TrainingState state) {
    for (String name : state.tensors.keySet()) {
      Tensor tensor = tensors.get(name);
      if (tensor == null) {
        throw new FormatException("the checkpoint lacks the tensor `" + name + "`", "");
      }
      TrainingState.overwrite(state.tensors, name, tensor);
    }
    state.best.clear();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (entry.getKey().startsWith(BEST)) {
        state.best.put(entry.getKey().substring(BEST.length()), entry.getValue());
      }
    }
  }
}

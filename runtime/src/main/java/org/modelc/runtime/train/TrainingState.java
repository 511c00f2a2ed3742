package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.TensorSpec;

/**
 * What changes during a training. Nothing else does: with it, training goes on as if never stopped.
 */
final class TrainingState {
  /** Parameters, states and optimiser buffers. */
  final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Names of the parameters and states among them. */
  final List<String> learned = new ArrayList<>();

  /** Copies of parameters and states at the best epoch; empty if there is none. */
  final Map<String, Tensor> best = new LinkedHashMap<>();

  final Map<String, Double> sums = new HashMap<>();
  final List<EpochResult> history = new ArrayList<>();
  final int[] waits;
  int epoch;
  int batch;
  long step;
  double bestValue = Double.NaN;
  int bestEpoch;
  int consecutiveBad;
  long rows;
  double seconds;

  /**
   * Zeros of the right shapes.
   *
   * @param code says where its programs can work on them
   */
  TrainingState(ModelManifest manifest, ProgramAbi train, ProgramSet.Code code) {
    waits = new int[manifest.recipe().stops().size()];
    List<TensorSpec> specs = new ArrayList<>(manifest.parameters());
    specs.addAll(manifest.states());
    for (TensorSpec spec : specs) {
      Tensor zeros = Tensor.zeros(spec.dtype(), ModelResources.shape(spec));
      tensors.put(spec.name(), code.placed(zeros));
      learned.add(spec.name());
    }
    for (ProgramAbi.Buffer buffer : train.buffers()) {
      if (buffer.role() == ProgramAbi.Role.OPTIMIZER) {
        tensors.put(buffer.name(), code.placed(Tensor.zeros(buffer.dtype(), shape(buffer))));
      }
    }
  }

  private static List<Integer> shape(ProgramAbi.Buffer buffer) {
    List<Integer> shape = new ArrayList<>();
    for (Dim dim : buffer.shape()) {
      shape.add(dim.intValue());
    }
    return shape;
  }

  void add(String sum, double value) {
    Double old = sums.get(sum);
    sums.put(sum, (old == null ? 0 : old) + value);
  }

  double sum(String name) {
    Double value = sums.get(name);
    return value == null ? 0 : value;
  }

  /** Copies the learned tensors as the best ones. */
  void keepBest(double value) {
    bestValue = value;
    bestEpoch = epoch;
    best.clear();
    best.putAll(learnedCopies());
  }

  /** Copies of the parameters and states. */
  Map<String, Tensor> learnedCopies() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    for (String name : learned) {
      copies.put(name, tensors.get(name).copy());
    }
    return copies;
  }

  /** Overwrites arrays in place: programs hold them. */
  static void overwrite(Map<String, Tensor> targets, String name, Tensor source) {
    Tensor target = targets.get(name);
    if (target == null
        || target.dtype() != source.dtype()
        || !target.shape().equals(source.shape())) {
      throw new TrainingException(
          "tensor `" + name + "` is " + source + ", the training needs " + target, "");
    }
    target.put(source);
  }
}

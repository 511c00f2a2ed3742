package org.modelc.compiler.compress;

import java.util.LinkedHashMap;
import java.util.Map;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.train.TrainingListener;

/** Keeps at 0 what pruning set to 0 while a pruned model's weights learn to be integers. */
final class KeptZeros implements TrainingListener {
  private final Map<String, boolean[]> zero = new LinkedHashMap<>();
  private Map<String, Tensor> tensors = Map.of();

  /**
   * @param values of weights whose zeros are to stay
   */
  KeptZeros(Map<String, Array> values) {
    values.forEach(
        (name, value) -> {
          boolean[] mask = new boolean[value.size()];
          for (int i = 0; i < mask.length; i++) {
            mask[i] = value.data()[i] == 0;
          }
          if (value.dtype() == DType.F32) {
            zero.put(name, mask);
          }
        });
  }

  @Override
  public void learning(Map<String, Tensor> learned) {
    tensors = learned;
  }

  @Override
  public void stepped(Step step) {
    zero.forEach((name, mask) -> WeightMasks.apply(tensors.get(name), mask));
  }
}

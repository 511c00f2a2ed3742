package org.modelc.runtime.train;

import java.lang.reflect.Array;
import java.util.Map;
import java.util.function.Supplier;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.Tensor;

/** Names the value behind a step whose loss or gradient was not finite. */
final class BadSteps {
  private BadSteps() {}

  /**
   * What is wrong, from the batch and the parameters it met.
   *
   * @param check runs the step anew and names the first value that is not finite; may give nothing
   */
  static String explain(
      Examples examples,
      BatchLoader.Batch batch,
      StepRunner runner,
      TrainingState state,
      Supplier<String> check) {
    for (int i = 0; i < batch.arrays.length; i++) {
      RowInputs.Input input = examples.inputs().get(i);
      int element = nonFinite(batch.arrays[i], batch.rows.length * input.rowSize());
      if (element >= 0) {
        return "input `"
            + input.name()
            + "` is "
            + Array.get(batch.arrays[i], element)
            + " in training row "
            + (batch.rows[element / input.rowSize()] + 1);
      }
    }
    String first = check.get();
    if (!first.isEmpty()) {
      return first + "; " + largest(state);
    }
    String what = "loss " + runner.loss();
    for (String norm : runner.norms()) {
      double value = runner.scalar(norm);
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        what = what + ", " + norm + " " + value;
        break;
      }
    }
    return what + "; " + largest(state);
  }

  private static String largest(TrainingState state) {
    String name = "";
    double largest = -1;
    for (Map.Entry<String, Tensor> entry : state.tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      for (int i = 0; tensor.dtype().isFloating() && i < tensor.size(); i++) {
        if (Math.abs(tensor.at(i)) > largest) {
          largest = Math.abs(tensor.at(i));
          name = entry.getKey();
        }
      }
    }
    return "the largest parameter value is " + (float) largest + " in `" + name + "`";
  }

  private static int nonFinite(Object array, int size) {
    boolean floating = array instanceof float[] || array instanceof double[];
    for (int i = 0; floating && i < size; i++) {
      double value = Array.getDouble(array, i);
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        return i;
      }
    }
    return -1;
  }
}

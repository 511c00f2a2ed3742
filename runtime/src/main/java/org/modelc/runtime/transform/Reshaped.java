package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/** {@code x as f32[8, 8]}: the same elements, row-major, in the option {@code shape}. */
final class Reshaped implements Transform {
  @Override
  public String kind() {
    return "reshaped";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    List<Integer> shape = new ArrayList<>();
    List<Double> given = Options.numbers(fitting.spec().options(), "shape");
    for (double dim : given == null ? List.<Double>of() : given) {
      shape.add((int) dim);
    }
    if (Features.width(shape) != Features.width(fitting.inputShape())) {
      throw new DataException(
          "a row has "
              + Features.width(fitting.inputShape())
              + " elements, shape "
              + shape
              + " wants "
              + Features.width(shape),
          "the input's shape is " + fitting.inputShape());
    }
    return fitting.result(Map.of(), Map.of(), shape);
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    Features input = inputs.get(0);
    return Features.ofNumbers(input.rows(), fitted.shape(), input.numbers(kind()));
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    return inputs.get(0);
  }
}

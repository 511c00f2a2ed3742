package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code a ++ b}: vectors joined end to end, a scalar counting as a vector of one; tensors along
 * their first axis, the others being equal.
 */
final class Concat implements Transform {
  @Override
  public String kind() {
    return "concat";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    List<FittedTransform> inputs = fitting.inputs();
    List<Integer> shape = new ArrayList<>(vector(inputs.get(0).shape()));
    for (FittedTransform input : inputs.subList(1, inputs.size())) {
      List<Integer> next = vector(input.shape());
      if (!next.subList(1, next.size()).equals(shape.subList(1, shape.size()))) {
        throw new DataException(
            "++ joins along the first axis, the others must be equal: got "
                + shape
                + " and "
                + next,
            "");
      }
      shape.set(0, shape.get(0) + next.get(0));
    }
    return new FittedTransform(
        kind(), List.of(), inputs, fitting.spec().options(), Map.of(), Map.of(), shape);
  }

  private static List<Integer> vector(List<Integer> shape) {
    return shape.isEmpty() ? List.of(1) : shape;
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    if (inputs.size() == 1 && inputs.get(0).isText()) {
      return Features.ofTexts(batch.rows(), fitted.shape(), inputs.get(0).texts());
    }
    int width = Features.width(fitted.shape());
    double[] joined = new double[batch.rows() * width];
    int at = 0;
    for (Features input : inputs) {
      double[] numbers = input.numbers("++");
      int part = input.width();
      for (int row = 0; row < batch.rows(); row++) {
        System.arraycopy(numbers, row * part, joined, row * width + at, part);
      }
      at += part;
    }
    return Features.ofNumbers(batch.rows(), fitted.shape(), joined);
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    List<String> names = new ArrayList<>();
    for (List<String> input : inputs) {
      names.addAll(input);
    }
    return names;
  }
}

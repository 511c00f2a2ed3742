package org.modelc.runtime.transform;

import java.util.List;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.spec.FittedTransform;

/** A transform of one input of numbers that keeps its shape and its elements' names. */
abstract class ElementTransform implements Transform {
  private final String kind;

  ElementTransform(String kind) {
    this.kind = kind;
  }

  @Override
  public final String kind() {
    return kind;
  }

  @Override
  public final Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    Features input = inputs.get(0);
    double[] numbers = input.numbers(kind).clone();
    apply(fitted, numbers, input.width());
    return Features.ofNumbers(input.rows(), input.shape(), numbers);
  }

  @Override
  public final List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    return inputs.get(0);
  }

  /** Changes the numbers in place; a row has {@code width} of them. */
  abstract void apply(FittedTransform fitted, double[] numbers, int width);

  /** A learned list of numbers as an array, for loops over elements. */
  static double[] learned(FittedTransform fitted, String name) {
    List<Double> list = fitted.numbers().get(name);
    double[] array = new double[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }
}

package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.RandomBits;

/** A random change of one row's tensor, made anew each time a training batch takes the row. */
public interface Augmentation {
  /** The name in the language. */
  String name();

  /** Names of its settings with what they are if not given. */
  Map<String, Double> defaults();

  /** Whether it can change tensors of a shape. */
  boolean takes(List<Integer> shape);

  /**
   * Changes a row in place.
   *
   * @param values the batch's tensor
   * @param from the row's first element
   * @param shape the shape of a row
   * @param settings a value for each of the defaults' names
   */
  void apply(
      float[] values,
      int from,
      List<Integer> shape,
      Map<String, Double> settings,
      RandomBits random);
}

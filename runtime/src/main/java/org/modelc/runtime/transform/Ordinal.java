package org.modelc.runtime.transform;

import java.util.List;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code ordinal(Home)}: each category's index in order, a missing one's after the others if
 * training rows have it. What training rows never had gets the index after the last, so an
 * embedding of categories has one more row than categories.
 */
final class Ordinal implements Transform {
  @Override
  public String kind() {
    return "ordinal";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    return CategoryIndex.learn(fitting);
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    CategoryIndex categories = new CategoryIndex(fitted);
    Features input = inputs.get(0);
    String[] texts = input.texts();
    double[] indexes = new double[texts.length];
    for (int i = 0; i < indexes.length; i++) {
      int element = i % input.width();
      int index = categories.index(element, texts[i]);
      indexes[i] = index >= 0 ? index : categories.count(element);
    }
    return Features.ofNumbers(input.rows(), input.shape(), indexes);
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    return inputs.get(0);
  }
}

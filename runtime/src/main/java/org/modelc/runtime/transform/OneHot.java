package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code one_hot(Home, Job)}: a 1 at the category's place, one group of places a column. Missing
 * values that training rows have are a category of their own, the last; what training rows never
 * had is all zeros.
 */
final class OneHot implements Transform {
  @Override
  public String kind() {
    return "one_hot";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    FittedTransform learned = CategoryIndex.learn(fitting);
    int width = new CategoryIndex(learned).total();
    return fitting.result(learned.numbers(), learned.texts(), List.of(width));
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    CategoryIndex categories = new CategoryIndex(fitted);
    Features input = inputs.get(0);
    String[] texts = input.texts();
    int columns = input.width();
    int width = fitted.shape().get(0);
    double[] places = new double[input.rows() * width];
    for (int row = 0; row < input.rows(); row++) {
      int group = row * width;
      for (int column = 0; column < columns; column++) {
        int index = categories.index(column, texts[row * columns + column]);
        if (index >= 0) {
          places[group + index] = 1;
        }
        group += categories.count(column);
      }
    }
    return Features.ofNumbers(input.rows(), fitted.shape(), places);
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    CategoryIndex categories = new CategoryIndex(fitted);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs.get(0).size(); i++) {
      names.addAll(categories.names(i, inputs.get(0).get(i)));
    }
    return names;
  }
}

package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.spec.FittedTransform;

/** {@code Age}: one raw column as it is; a scalar a row, or a row's tensor. */
final class ColumnLeaf implements Transform {
  @Override
  public String kind() {
    return "column";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    return fitted(fitting.training().column(fitting.spec().columns().get(0)));
  }

  static FittedTransform fitted(Column column) {
    String type = column.type() == ColumnType.TEXT ? "text" : "number";
    return new FittedTransform(
        "column",
        List.of(column.name()),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of("type", List.of(type)),
        column.shape());
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    String name = fitted.columns().get(0);
    List<Integer> shape = fitted.shape();
    if (fitted.texts().get("type").get(0).equals("text")) {
      return Features.ofTexts(batch.rows(), shape, ColumnReading.texts(batch, name));
    }
    double[] numbers = ColumnReading.numbers(batch, name);
    if (numbers.length != batch.rows() * Features.width(shape)) {
      throw new DataException(
          "column `"
              + name
              + "` has shape "
              + batch.column(name).shape()
              + ", in training "
              + shape,
          "");
    }
    return Features.ofNumbers(batch.rows(), shape, numbers);
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    String name = fitted.columns().get(0);
    int width = Features.width(fitted.shape());
    if (fitted.shape().isEmpty()) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      names.add(name + "[" + i + "]");
    }
    return names;
  }
}

package org.modelc.runtime.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.FittedTransform;

/**
 * {@code (Age, Income)} or {@code columns("pixel_*")}: raw columns side by side, a vector a row. If
 * one of them holds text, all are read as texts. A tensor column alone stays a tensor.
 */
final class ColumnsLeaf implements Transform {
  @Override
  public String kind() {
    return "columns";
  }

  @Override
  public FittedTransform fit(Fitting fitting) {
    List<String> names = resolved(fitting);
    if (names.size() == 1 && fitting.training().column(names.get(0)).type() == ColumnType.TENSOR) {
      return ColumnLeaf.fitted(fitting.training().column(names.get(0)));
    }
    boolean text = false;
    for (String name : names) {
      Column column = fitting.training().column(name);
      if (column.type() == ColumnType.TENSOR) {
        throw new DataException(
            "column `" + name + "` holds tensors, which do not stand side by side with others",
            "use it alone, as in `" + name + " / 255`");
      }
      text |= column.type() == ColumnType.TEXT;
    }
    return new FittedTransform(
        kind(),
        names,
        List.of(),
        fitting.spec().options(),
        Map.of(),
        Map.of("type", List.of(text ? "text" : "number")),
        List.of(names.size()));
  }

  private static List<String> resolved(Fitting fitting) {
    List<String> wanted = fitting.spec().columns();
    if (!Options.bool(fitting.spec().options(), "pattern", false)) {
      return wanted;
    }
    List<String> names = new ArrayList<>();
    for (String pattern : wanted) {
      names.addAll(matching(fitting.training(), pattern));
    }
    return names;
  }

  private static List<String> matching(Dataset data, String pattern) {
    List<String> names = new ArrayList<>();
    for (String name : data.names()) {
      if (ColumnPattern.matches(pattern, name)) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      throw new DataException(
          "no column matches \"" + pattern + "\"",
          "the columns are " + String.join(", ", data.names()));
    }
    names.sort(new ColumnPattern.ByNumber());
    return names;
  }

  @Override
  public Features apply(FittedTransform fitted, List<Features> inputs, ColumnBatch batch) {
    if (fitted.texts().get("type").get(0).equals("text")) {
      return texts(fitted, batch);
    }
    int width = fitted.columns().size();
    double[] all = new double[batch.rows() * width];
    for (int j = 0; j < width; j++) {
      double[] column = ColumnReading.numbers(batch, fitted.columns().get(j));
      for (int i = 0; i < column.length; i++) {
        all[i * width + j] = column[i];
      }
    }
    return Features.ofNumbers(batch.rows(), fitted.shape(), all);
  }

  private static Features texts(FittedTransform fitted, ColumnBatch batch) {
    int width = fitted.columns().size();
    String[] all = new String[batch.rows() * width];
    for (int j = 0; j < width; j++) {
      String[] column = ColumnReading.texts(batch, fitted.columns().get(j));
      for (int i = 0; i < column.length; i++) {
        all[i * width + j] = column[i];
      }
    }
    return Features.ofTexts(batch.rows(), fitted.shape(), all);
  }

  @Override
  public List<String> names(FittedTransform fitted, List<List<String>> inputs) {
    return fitted.columns();
  }
}

package org.modelc.runtime.transform;

import java.lang.reflect.Array;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.data.DataException;

/** Reads raw columns as the type they had in training, whatever type the caller's batch has. */
final class ColumnReading {
  private ColumnReading() {}

  /**
   * A column as doubles.
   *
   * @throws DataException if a text is no number; the message has column, row and text
   */
  static double[] numbers(ColumnBatch batch, String name) {
    Column column = batch.column(name);
    Object values = batch.values(name);
    if (column.type() == ColumnType.TENSOR) {
      return widened(values);
    }
    return column.type() == ColumnType.TEXT ? parsed((String[]) values, name) : (double[]) values;
  }

  /** A column as texts; null where missing. */
  static String[] texts(ColumnBatch batch, String name) {
    Column column = batch.column(name);
    if (column.type() == ColumnType.TEXT) {
      return batch.texts(name);
    }
    if (column.type() == ColumnType.TENSOR) {
      throw new DataException("column `" + name + "` holds tensors, a category is wanted", "");
    }
    double[] numbers = batch.numbers(name);
    String[] texts = new String[numbers.length];
    for (int i = 0; i < texts.length; i++) {
      boolean missing = Double.isNaN(numbers[i]);
      texts[i] =
          column.type() == ColumnType.BOOL && !missing
              ? Boolean.toString(numbers[i] != 0)
              : Categories.text(numbers[i]);
    }
    return texts;
  }

  private static double[] parsed(String[] texts, String name) {
    double[] numbers = new double[texts.length];
    for (int i = 0; i < texts.length; i++) {
      numbers[i] = texts[i] == null ? Double.NaN : NumberText.parse(texts[i]);
      if (texts[i] != null && Double.isNaN(numbers[i])) {
        throw new DataException(
            "column `"
                + name
                + "` has \""
                + texts[i]
                + "\" in row "
                + (i + 1)
                + ", a number is wanted",
            "leave it empty, or null in JSON, where the value is not known");
      }
    }
    return numbers;
  }

  private static double[] widened(Object array) {
    double[] numbers = new double[Array.getLength(array)];
    if (array instanceof float[]) {
      float[] floats = (float[]) array;
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = floats[i];
      }
    } else if (array instanceof double[]) {
      System.arraycopy(array, 0, numbers, 0, numbers.length);
    } else {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Array.getDouble(array, i);
      }
    }
    return numbers;
  }
}

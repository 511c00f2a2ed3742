package org.modelc.runtime.data;

import java.util.List;
import org.modelc.runtime.spec.DType;

/** The classes of a column's rows as text. */
public final class ClassLabels {
  private ClassLabels() {}

  /**
   * The text of each row's class: text as it is; whole numbers without a point; {@code false} and
   * {@code true}; null where missing. A tensor column counts if a row is one integer.
   *
   * @throws DataException if the column is unknown or a tensor of more elements
   */
  public static String[] of(Dataset data, String column) {
    return of(data.readAll(List.of(column)), column);
  }

  /** The classes of a batch's rows. */
  public static String[] of(ColumnBatch batch, String name) {
    Column column = batch.column(name);
    ColumnType type = column.type();
    if (type == ColumnType.TEXT) {
      return batch.texts(name);
    }
    if (type == ColumnType.TENSOR) {
      return integers(column, batch.values(name));
    }
    double[] numbers = batch.numbers(name);
    return type == ColumnType.BOOL ? bools(numbers) : numbers(numbers);
  }

  /** A number as class text: {@code 3} for 3.0, {@code 3.5} for 3.5, null for NaN. */
  public static String of(double number) {
    if (Double.isNaN(number)) {
      return null;
    }
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? Long.toString((long) number) : Double.toString(number);
  }

  private static String[] numbers(double[] values) {
    String[] labels = new String[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = of(values[i]);
    }
    return labels;
  }

  private static String[] bools(double[] values) {
    String[] labels = new String[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Double.isNaN(values[i]) ? null : values[i] != 0 ? "true" : "false";
    }
    return labels;
  }

  private static String[] integers(Column column, Object values) {
    if (column.rowSize() != 1 || !(column.dtype() == DType.I32 || column.dtype() == DType.I64)) {
      throw new DataException(
          "column `" + column + "` is no class column", "classes are text, bools or numbers");
    }
    String[] labels = new String[java.lang.reflect.Array.getLength(values)];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Long.toString(java.lang.reflect.Array.getLong(values, i));
    }
    return labels;
  }
}

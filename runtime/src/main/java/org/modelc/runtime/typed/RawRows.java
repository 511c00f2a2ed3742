package org.modelc.runtime.typed;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnBatch;
import org.modelc.runtime.spec.DType;

/** Collects the raw columns of some rows for a {@link org.modelc.runtime.Predictor}. */
public final class RawRows {
  private final int rows;
  private final List<Column> columns = new ArrayList<>();
  private final List<Object> arrays = new ArrayList<>();

  public RawRows(int rows) {
    this.rows = rows;
  }

  /** A column of numbers, one a row; NaN where missing. */
  public RawRows numbers(String column, double[] values) {
    return add(Column.number(column), values);
  }

  /** A column of texts, one a row; null where missing. */
  public RawRows texts(String column, String[] values) {
    return add(Column.text(column), values);
  }

  /**
   * A column of tensors.
   *
   * @param values the rows one after another, as a primitive array of the dtype
   * @param shape the shape of one row
   * @throws ModelcException if the array has another length than the rows take
   */
  public RawRows tensors(String column, DType dtype, Object values, int... shape) {
    List<Integer> dims = new ArrayList<>();
    for (int dim : shape) {
      dims.add(dim);
    }
    Column tensor = Column.tensor(column, dtype, dims);
    check(column, Array.getLength(values), tensor.rowSize());
    return add(tensor, values);
  }

  /**
   * Number columns whose values lie side by side.
   *
   * @param input what to call the array in messages
   * @param values rows × names, row-major
   * @throws ModelcException if the array has another length
   */
  public RawRows spread(String input, List<String> names, float[] values) {
    int width = names.size();
    check(input, values.length, width);
    for (int j = 0; j < width; j++) {
      double[] column = new double[rows];
      for (int i = 0; i < rows; i++) {
        column[i] = values[i * width + j];
      }
      numbers(names.get(j), column);
    }
    return this;
  }

  public ColumnBatch batch() {
    return new ColumnBatch(rows, columns, arrays.toArray());
  }

  private void check(String input, int length, int rowSize) {
    if (length != rows * rowSize) {
      throw new ModelcException(
          "`"
              + input
              + "` has "
              + length
              + " elements, "
              + (rows == 1 ? "" : rows + " rows of ")
              + rowSize
              + " are wanted");
    }
  }

  private RawRows add(Column column, Object array) {
    columns.add(column);
    arrays.add(array);
    return this;
  }

  /**
   * The elements of nested arrays, row-major.
   *
   * @param input what to call the array in messages
   * @param nested {@code float[][]} and deeper
   * @param shape the lengths wanted
   * @throws ModelcException if a length differs
   */
  public static float[] flat(String input, Object nested, int... shape) {
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    float[] flat = new float[size];
    copy(input, nested, shape, 0, flat, 0, size);
    return flat;
  }

  private static void copy(
      String input, Object from, int[] shape, int axis, float[] flat, int at, int size) {
    int length = from == null ? -1 : Array.getLength(from);
    if (length != shape[axis]) {
      throw new ModelcException(
          "axis "
              + axis
              + " of `"
              + input
              + "` has "
              + (from == null ? "no array" : "length " + length)
              + ", "
              + shape[axis]
              + " is wanted");
    }
    if (from instanceof float[]) {
      System.arraycopy(from, 0, flat, at, size);
      return;
    }
    int part = size / length;
    for (int i = 0; i < length; i++) {
      copy(input, Array.get(from, i), shape, axis + 1, flat, at + i * part, part);
    }
  }

  /**
   * A column of one number or bool a row.
   *
   * @param values a primitive array
   */
  public RawRows scalars(String column, Object values) {
    double[] numbers = new double[Array.getLength(values)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          values instanceof boolean[]
              ? (((boolean[]) values)[i] ? 1 : 0)
              : Array.getDouble(values, i);
    }
    return numbers(column, numbers);
  }

  /**
   * Rows one after another in one array of their element type.
   *
   * @param rows {@code float[][]} or another array of primitive arrays
   * @throws ModelcException if a row is missing or of another length than the first
   */
  public static Object joined(String input, Object[] rows) {
    int width = rows.length == 0 ? 0 : Array.getLength(rows[0]);
    Class<?> element = rows.getClass().getComponentType().getComponentType();
    Object flat = Array.newInstance(element, Math.multiplyExact(rows.length, width));
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == null || Array.getLength(rows[i]) != width) {
        throw new ModelcException(
            "row "
                + i
                + " of `"
                + input
                + "` has "
                + (rows[i] == null ? "no array" : Array.getLength(rows[i]) + " elements")
                + ", the first row has "
                + width);
      }
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return flat;
  }
}

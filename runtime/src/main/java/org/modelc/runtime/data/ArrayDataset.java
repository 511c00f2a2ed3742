package org.modelc.runtime.data;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.DType;

/** A dataset of arrays in memory. */
public final class ArrayDataset implements Dataset {
  private final ColumnBatch all;

  private ArrayDataset(ColumnBatch all) {
    this.all = all;
  }

  /** A dataset of a batch's rows; the batch must not change afterwards. */
  public static ArrayDataset of(ColumnBatch batch) {
    return new ArrayDataset(batch);
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public List<Column> columns() {
    return all.columns();
  }

  @Override
  public int size() {
    return all.rows();
  }

  @Override
  public ColumnBatch read(int[] rows, List<String> names) {
    List<Column> columns = new ArrayList<>();
    Object[] values = new Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      Column column = all.column(names.get(i));
      columns.add(column);
      values[i] = gather(all.values(names.get(i)), column, rows);
    }
    return new ColumnBatch(rows.length, columns, values);
  }

  /** Copies rows of a column's array into a new one. */
  static Object gather(Object source, Column column, int[] rows) {
    int rowSize = column.rowSize();
    Object target = column.newArray(rows.length);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(source, rows[i] * rowSize, target, i * rowSize, rowSize);
    }
    return target;
  }

  /** Collects columns of equal length. */
  public static final class Builder {
    private final List<Column> columns = new ArrayList<>();
    private final List<Object> arrays = new ArrayList<>();
    private int rows = -1;

    private Builder() {}

    public Builder number(String name, double[] values) {
      return add(Column.number(name), values, values.length);
    }

    public Builder text(String name, String[] values) {
      return add(Column.text(name), values, values.length);
    }

    /** A bool column; a missing value is NaN. */
    public Builder bool(String name, double[] values) {
      return add(Column.bool(name), values, values.length);
    }

    /**
     * A tensor column.
     *
     * @param values the rows one after another, as a primitive array of the dtype
     * @param shape the shape of one row
     */
    public Builder tensor(String name, DType dtype, Object values, List<Integer> shape) {
      Column column = Column.tensor(name, dtype, shape);
      int length = Array.getLength(values);
      if (length % column.rowSize() != 0) {
        throw new DataException(
            "column `"
                + name
                + "` has "
                + length
                + " elements, no multiple of a row's "
                + column.rowSize(),
            "the shape of one row is " + shape);
      }
      return add(column, values, length / column.rowSize());
    }

    /** A column of any array that {@link Dataset#of} takes. */
    public Builder add(String name, Object array) {
      if (array instanceof double[]) {
        return number(name, (double[]) array);
      }
      if (array instanceof String[]) {
        return text(name, (String[]) array);
      }
      if (array instanceof boolean[]) {
        return bool(name, widened(array));
      }
      if (array instanceof float[] || array instanceof int[] || array instanceof long[]) {
        return number(name, widened(array));
      }
      if (array instanceof Object[]) {
        List<Integer> shape = NestedArrays.rowShape(name, (Object[]) array);
        return tensor(name, DType.F32, NestedArrays.flatten(name, (Object[]) array, shape), shape);
      }
      throw new DataException(
          "column `" + name + "` is a " + array.getClass().getSimpleName(),
          "give numbers, String[], boolean[] or nested float arrays");
    }

    /** The dataset; of no rows if there are no columns. */
    public ArrayDataset build() {
      return new ArrayDataset(new ColumnBatch(Math.max(rows, 0), columns, arrays.toArray()));
    }

    private static double[] widened(Object array) {
      double[] numbers = new double[Array.getLength(array)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] =
            array instanceof boolean[]
                ? (((boolean[]) array)[i] ? 1 : 0)
                : Array.getDouble(array, i);
      }
      return numbers;
    }

    private Builder add(Column column, Object values, int length) {
      if (rows >= 0 && length != rows) {
        throw new DataException(
            "column `" + column.name() + "` has " + length + " rows, the columns before it " + rows,
            "give every column the same number of rows");
      }
      rows = length;
      columns.add(column);
      arrays.add(values);
      return this;
    }
  }
}

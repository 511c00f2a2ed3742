package org.modelc.runtime.data;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.NearestName;

/**
 * Some rows of a dataset, one array a column; {@link ColumnType} says which. The arrays are the
 * batch's own: whoever holds the batch may change them.
 */
public final class ColumnBatch {
  private final int rows;
  private final List<Column> columns;
  private final Object[] values;
  private Map<String, Integer> positions;

  /**
   * A batch of these arrays, not copied.
   *
   * @throws IllegalArgumentException if an array's type or length does not fit its column
   */
  public ColumnBatch(int rows, List<Column> columns, Object[] values) {
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.values = values;
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " arrays for " + columns.size() + " columns");
    }
    for (int i = 0; i < values.length; i++) {
      check(columns.get(i), values[i], rows);
    }
  }

  private static void check(Column column, Object array, int rows) {
    Class<?> expected = column.newArray(0).getClass();
    if (array.getClass() != expected || Array.getLength(array) != rows * column.rowSize()) {
      throw new IllegalArgumentException(
          "column "
              + column
              + " needs "
              + rows
              + " rows as "
              + expected.getSimpleName()
              + " of "
              + rows * column.rowSize()
              + ", got "
              + array.getClass().getSimpleName());
    }
  }

  public int rows() {
    return rows;
  }

  public List<Column> columns() {
    return columns;
  }

  /** The array of the column at a position. */
  public Object values(int position) {
    return values[position];
  }

  /**
   * The array of a column.
   *
   * @throws DataException if no column has this name
   */
  public Object values(String name) {
    return values[position(name)];
  }

  /** The column with this name. */
  public Column column(String name) {
    return columns.get(position(name));
  }

  public boolean has(String name) {
    return positions().containsKey(name);
  }

  /**
   * The values of a number or bool column.
   *
   * @throws DataException if there is no such column, or it is of another type
   */
  public double[] numbers(String name) {
    Object array = values(name);
    ColumnType type = column(name).type();
    if (type != ColumnType.NUMBER && type != ColumnType.BOOL) {
      throw new DataException("column `" + name + "` holds " + type + ", not numbers", "");
    }
    return (double[]) array;
  }

  /**
   * The values of a text column.
   *
   * @throws DataException if there is no such column, or it is of another type
   */
  public String[] texts(String name) {
    Object array = values(name);
    if (column(name).type() != ColumnType.TEXT) {
      throw new DataException(
          "column `" + name + "` holds " + column(name).type() + ", not text", "");
    }
    return (String[]) array;
  }

  /** The position of a column. */
  public int position(String name) {
    Integer position = positions().get(name);
    if (position == null) {
      throw new DataException(
          "no column `" + name + "`",
          NearestName.hint(name, new ArrayList<>(positions().keySet())));
    }
    return position;
  }

  private Map<String, Integer> positions() {
    if (positions == null) {
      Map<String, Integer> found = new HashMap<>(2 * columns.size());
      for (int i = 0; i < columns.size(); i++) {
        found.put(columns.get(i).name(), i);
      }
      positions = found;
    }
    return positions;
  }
}

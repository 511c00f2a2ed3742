package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.NearestName;

/**
 * Rows with typed columns, read by random access in chunks of columns.
 *
 * <p>Implementations are safe for several threads, and the same row reads the same at each call.
 * They need not hold the rows in memory: whoever reads asks for few rows and only the columns it
 * wants.
 */
public interface Dataset {
  /** The columns in the order of the source; names are unique. */
  List<Column> columns();

  /** The number of rows. */
  int size();

  /**
   * Reads rows, in the order asked for (which may repeat rows).
   *
   * @param rows row numbers, each from 0 to {@code size() - 1}
   * @param columns names of the columns to read; the batch has them in this order
   * @throws DataException if a column is unknown or a row's source cannot be read
   */
  ColumnBatch read(int[] rows, List<String> columns);

  /** Reads all columns of rows. */
  default ColumnBatch read(int[] rows) {
    return read(rows, names());
  }

  /** Reads some columns of all rows. */
  default ColumnBatch readAll(List<String> columns) {
    return read(range(0, size()), columns);
  }

  /** The names of the columns. */
  default List<String> names() {
    List<String> names = new ArrayList<>();
    for (Column column : columns()) {
      names.add(column.name());
    }
    return names;
  }

  default boolean has(String name) {
    return names().contains(name);
  }

  /**
   * The column with a name.
   *
   * @throws DataException with the nearest name, if there is none
   */
  default Column column(String name) {
    for (Column column : columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new DataException(
        "no column `" + name + "` in the data", NearestName.hint(name, names()));
  }

  /** The row numbers {@code from}, …, {@code to - 1}. */
  static int[] range(int from, int to) {
    int[] rows = new int[to - from];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = from + i;
    }
    return rows;
  }

  /**
   * A dataset of arrays in memory, one a column, not copied: {@code double[]}, {@code float[]},
   * {@code int[]} or {@code long[]} for numbers, {@code String[]}, {@code boolean[]}, and {@code
   * float[][]} (to {@code float[][][][]}) for tensors.
   *
   * @param columns arrays by column name; columns are in the map's order
   * @throws DataException if lengths differ or an array is of another type
   */
  static Dataset of(Map<String, ?> columns) {
    ArrayDataset.Builder builder = ArrayDataset.builder();
    for (Map.Entry<String, ?> column : columns.entrySet()) {
      builder.add(column.getKey(), column.getValue());
    }
    return builder.build();
  }

  /**
   * A dataset whose rows are computed when they are read.
   *
   * @param row gives the values of one row; the same at each call with the same index
   */
  static Dataset generated(List<Column> columns, int size, RowFunction row) {
    return new GeneratedDataset(columns, size, row);
  }

  /** Computes one row. */
  interface RowFunction {
    /**
     * The values of a row in the order of the columns: a {@link Number} or null, a {@link String}
     * or null, a {@link Boolean} or null, or the primitive array of a tensor.
     */
    Object[] row(int index);
  }
}

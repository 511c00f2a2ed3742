package org.modelc.data.csv;

import org.modelc.runtime.data.Column;
import org.modelc.runtime.data.ColumnType;
import org.modelc.runtime.transform.NumberText;

/** Stores fields in the arrays of batches. */
final class CsvCells {
  private CsvCells() {}

  /** Puts a field into a row of a column's array; NaN or null if it means no value. */
  static void store(CsvFormat format, Column column, String field, Object array, int row) {
    boolean missing = format.isMissing(field);
    if (column.type() == ColumnType.NUMBER) {
      ((double[]) array)[row] = missing ? Double.NaN : NumberText.parse(field);
    } else {
      ((String[]) array)[row] = missing ? null : field;
    }
  }
}

package org.modelc.runtime.data;

import java.util.ArrayList;
import java.util.List;

/** A dataset whose rows are computed when they are read. */
final class GeneratedDataset implements Dataset {
  private final List<Column> columns;
  private final int size;
  private final RowFunction function;

  GeneratedDataset(List<Column> columns, int size, RowFunction function) {
    this.columns = List.copyOf(columns);
    this.size = size;
    this.function = function;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public ColumnBatch read(int[] rows, List<String> names) {
    List<Column> wanted = new ArrayList<>();
    Object[] arrays = new Object[names.size()];
    int[] positions = new int[names.size()];
    for (int i = 0; i < arrays.length; i++) {
      Column column = column(names.get(i));
      wanted.add(column);
      positions[i] = columns.indexOf(column);
      arrays[i] = column.newArray(rows.length);
    }
    for (int i = 0; i < rows.length; i++) {
      Object[] row = function.row(rows[i]);
      for (int j = 0; j < arrays.length; j++) {
        wanted.get(j).store(row[positions[j]], arrays[j], i);
      }
    }
    return new ColumnBatch(rows.length, wanted, arrays);
  }
}

package org.modelc.runtime.data;

import java.util.List;

/** Some rows of a dataset, in an order of its own. */
public final class DatasetView implements Dataset {
  private final Dataset source;
  private final int[] rows;

  /**
   * A view.
   *
   * @param rows row numbers of the source; copied
   */
  public DatasetView(Dataset source, int[] rows) {
    for (int row : rows) {
      if (row < 0 || row >= source.size()) {
        throw new IndexOutOfBoundsException("row " + row + " of a dataset of " + source.size());
      }
    }
    this.source = source;
    this.rows = rows.clone();
  }

  /** The dataset this is a view of. */
  public Dataset source() {
    return source;
  }

  /** The source's row number of one of this view's rows. */
  public int sourceRow(int row) {
    return rows[row];
  }

  @Override
  public List<Column> columns() {
    return source.columns();
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public ColumnBatch read(int[] wanted, List<String> columns) {
    int[] mapped = new int[wanted.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = rows[wanted[i]];
    }
    return source.read(mapped, columns);
  }
}

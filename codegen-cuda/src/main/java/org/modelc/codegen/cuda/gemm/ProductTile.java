package org.modelc.codegen.cuda.gemm;

import org.modelc.runtime.spec.DType;

/**
 * How a block of 256 threads takes a tile of a product: each thread has some rows and columns of
 * it.
 *
 * @param threadRows threads along the rows
 * @param threadColumns threads along the columns
 * @param rowsEach rows of a thread
 * @param columnsEach columns of a thread
 * @param depth steps that are in shared memory at once
 */
record ProductTile(int threadRows, int threadColumns, int rowsEach, int columnsEach, int depth) {
  private static final ProductTile WIDE = new ProductTile(16, 16, 4, 4, 16);
  private static final ProductTile NARROW = new ProductTile(32, 8, 4, 2, 16);
  private static final ProductTile LARGE = new ProductTile(16, 16, 8, 8, 8);

  /** Rows and columns from which the large tile gives enough blocks. */
  private static final double MANY = 1024;

  /** Up to so many columns, a narrow tile. */
  static final double FEW = 24;

  /** The tile for a product of so many rows and columns. */
  static ProductTile of(double rows, double columns, DType dtype) {
    if (columns <= FEW) {
      return NARROW;
    }
    return rows >= MANY && columns >= MANY && dtype == DType.F32 ? LARGE : WIDE;
  }

  int rows() {
    return threadRows * rowsEach;
  }

  int columns() {
    return threadColumns * columnsEach;
  }

  int threads() {
    return threadRows * threadColumns;
  }

  @Override
  public String toString() {
    return rows()
        + "×"
        + columns()
        + "×"
        + depth
        + ", "
        + rowsEach
        + "×"
        + columnsEach
        + " a thread";
  }
}

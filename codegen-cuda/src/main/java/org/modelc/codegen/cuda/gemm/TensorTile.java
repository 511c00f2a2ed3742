package org.modelc.codegen.cuda.gemm;

/**
 * How the eight warps of a block take a tile of a product by tensor cores.
 *
 * @param rows of the tile
 * @param columns of the tile
 * @param warpsAlongRows how many of the warps lie below each other
 * @param stages parts of the factors that are in shared memory or on the way, at most 48 KB
 */
record TensorTile(int rows, int columns, int warpsAlongRows, int stages) {
  static final int THREADS = 256;
  static final int WARPS = THREADS / 32;

  /** Words of a row or column in a stage: 64 bytes. */
  static final int WORDS = 16;

  private static final TensorTile LARGE = new TensorTile(128, 128, 2, 3);
  private static final TensorTile MEDIUM = new TensorTile(128, 64, 4, 3);
  private static final TensorTile SMALL = new TensorTile(64, 64, 2, 4);

  /** Blocks that keep most of a device's multiprocessors busy. */
  static final double ENOUGH_BLOCKS = 96;

  /** The largest tile that gives enough blocks, else the smallest. */
  static TensorTile of(double rows, double columns, double batches) {
    for (TensorTile tile : new TensorTile[] {LARGE, MEDIUM}) {
      if (tile.blocks(rows, columns, batches) >= ENOUGH_BLOCKS && columns >= tile.columns) {
        return tile;
      }
    }
    return SMALL;
  }

  double blocks(double ofRows, double ofColumns, double batches) {
    return Math.ceil(ofRows / rows) * Math.ceil(ofColumns / columns) * batches;
  }

  /** Rows of a warp. */
  int warpRows() {
    return rows / warpsAlongRows;
  }

  /** Columns of a warp. */
  int warpColumns() {
    return columns * warpsAlongRows / WARPS;
  }

  @Override
  public String toString() {
    return rows + "×" + columns + ", " + warpRows() + "×" + warpColumns() + " a warp";
  }
}

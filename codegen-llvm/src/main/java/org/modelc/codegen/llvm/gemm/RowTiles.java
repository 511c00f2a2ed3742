package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.Operand;

/**
 * Rows dealt out to tiles as evenly as they go: the first {@code extra} tiles have one row more
 * than {@code base}.
 *
 * @param count the number of tiles; at least one
 */
record RowTiles(Operand count, Operand base, Operand extra, Arithmetic math) {
  static RowTiles of(Operand rows, int most, Arithmetic math) {
    Operand count = math.maximum(Operand.i64(1), math.ceiling(rows, most));
    return new RowTiles(count, math.divide(rows, count), math.remainder(rows, count), math);
  }

  /** The first row of a tile. */
  Operand first(Operand tile) {
    return math.add(math.times(tile, base), math.minimum(tile, extra));
  }

  Operand isLarger(Operand tile) {
    return math.isBelow(tile, extra);
  }

  /** The rows of a tile. */
  Operand rows(Operand tile) {
    return math.add(base, math.select(isLarger(tile), Operand.i64(1), Operand.i64(0)));
  }
}

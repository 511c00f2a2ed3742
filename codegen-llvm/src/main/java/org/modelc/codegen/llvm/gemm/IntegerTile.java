package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.TargetDescription;

/**
 * How much of a product of integers a microkernel keeps in registers.
 *
 * @param lanes sums of a vector
 * @param rows the most rows of a tile
 * @param together panels that few rows read at a time, so that their sums do not wait for each
 *     other
 */
record IntegerTile(IntegerArithmetic arithmetic, int lanes, int rows, int together) {
  /** Vectors of a row of a panel. */
  static final int VECTORS = 2;

  private static final int MANY_REGISTERS = 32;

  /** Sums of the largest tile of several for each product, so that factors have registers, too. */
  private static final int MOST_OF_SEVERAL = 24;

  /** Panels whose sums of one row do not wait for each other. */
  private static final int ENOUGH = 4;

  static IntegerTile of(TargetDescription target, IntegerArithmetic arithmetic) {
    IsaLevel level = target.level();
    if (arithmetic.hasTiles()) {
      return new IntegerTile(arithmetic, level.lanes(), 2 * TileKernel.ROWS, 2);
    }
    boolean many = level.registers() >= MANY_REGISTERS;
    if (arithmetic.groupsTogether() > 1) {
      // Sums of i16 have registers, those of i32 that they are added to hardly.
      return new IntegerTile(arithmetic, level.lanes(), many ? 2 : 1, 1);
    }
    if (arithmetic.sumsOfEach() > 1) {
      int rows = MOST_OF_SEVERAL / (VECTORS * arithmetic.sumsOfEach());
      // Panels are as many as rows: so many sums have registers, and few loops end in vain.
      int panels = Math.min(ENOUGH, Integer.highestOneBit(rows));
      return new IntegerTile(arithmetic, level.lanes(), rows, panels);
    }
    int fewRows = level.hasFma() ? 6 : 4;
    int manyRows = arithmetic.leftBytes == 1 && level.hasDotProducts() ? 14 : 12;
    int panels = arithmetic == IntegerArithmetic.UNSIGNED_NIBBLES ? 1 : many ? 8 : 4;
    return new IntegerTile(arithmetic, level.lanes(), many ? manyRows : fewRows, panels);
  }

  /** Rows that read several panels at a time. */
  int fewRows() {
    return arithmetic.hasTiles() ? TileKernel.ROWS : 1;
  }

  /** Columns of a panel. */
  int columns() {
    return lanes * VECTORS;
  }

  /** Groups of steps that hold a depth, in whole tiles. */
  long groups(long depth) {
    long some = arithmetic.hasTiles() ? TileKernel.DEPTH : arithmetic.steps;
    return (depth + some - 1) / some * (some / arithmetic.steps);
  }

  /** Elements of a packed row of the left factor. */
  long rowElements(long depth) {
    return groups(depth) * arithmetic.steps;
  }

  long rowBytes(long depth) {
    return arithmetic.header() + rowElements(depth) * arithmetic.leftBytes;
  }

  /** Bytes of one group of steps of a panel. */
  long groupBytes() {
    return (long) columns() * arithmetic.rightBytes;
  }

  /** Bytes of a panel. */
  long panelBytes(long depth) {
    return groups(depth) * groupBytes();
  }
}

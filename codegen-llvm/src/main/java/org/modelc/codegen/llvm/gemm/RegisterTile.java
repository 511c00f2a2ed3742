package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.runtime.spec.DType;

/**
 * How much of the result a microkernel keeps in registers.
 *
 * @param dtype what is computed in
 * @param lanes elements of a vector
 * @param rows the most rows of a tile
 * @param vectors the vectors of a row of a tile
 * @param rowPanel rows of a packed panel of the left factor: the most rows, in whole vectors
 * @param elementOperands whether a multiply-add can read its left factor's element from memory
 */
record RegisterTile(
    DType dtype, int lanes, int rows, int vectors, int rowPanel, boolean elementOperands) {
  /** Vectors of a row, by rows: few rows need long ones, else additions wait for each other. */
  private static final int[] WIDE = {0, 16, 8, 6, 4, 4, 4};

  private static final int[] WIDE_WITH_FEW_REGISTERS = {0, 8, 4, 4};

  private static final int MANY_REGISTERS = 32;

  /** The tile whose sums, one row of the right factor and one element of the left fit. */
  static RegisterTile of(TargetDescription target, DType dtype) {
    int lanes = target.lanes() * 4 / dtype.bytes();
    int rows = ProductKnob.TILE_ROWS.most(target.level());
    int rowPanel = (rows + lanes - 1) / lanes * lanes;
    return new RegisterTile(dtype, lanes, rows, 2, rowPanel, target.level().hasElementOperands());
  }

  /** A tile of fewer rows, whose panels are the same. */
  RegisterTile withRows(int fewer) {
    return new RegisterTile(dtype, lanes, fewer, vectors, rowPanel, elementOperands);
  }

  /** Columns of a tile. */
  int columns() {
    return lanes * vectors;
  }

  int bytes() {
    return dtype.bytes();
  }

  /** Bytes from step to step of a panel of the left factor. */
  long leftStep() {
    return (long) rowPanel * bytes();
  }

  /** Bytes from step to step of a panel of the right factor. */
  long rightStep() {
    return (long) columns() * bytes();
  }

  /** Columns of a tile of few rows, where the right factor is read as it lies. */
  int wideVectors(int tileRows, TargetDescription target) {
    boolean many = target.level().registers() >= MANY_REGISTERS;
    int[] wide = many ? WIDE : WIDE_WITH_FEW_REGISTERS;
    return tileRows < wide.length ? wide[tileRows] : vectors;
  }
}

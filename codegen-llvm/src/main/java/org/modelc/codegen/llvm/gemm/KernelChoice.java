package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.MicroKernel.Kind;

/**
 * Finds the microkernel for a tile whose number of rows is one of two, or known only at a call.
 *
 * @param tiles the rows of the product
 */
record KernelChoice(RegisterTile tile, RowTiles tiles, FunctionWriter out) {
  /** The function for a tile: a name, or a register that holds its address. */
  Operand function(Operand number, Kind kind) {
    return tiles.function(number, tile.rows(), rows -> function(rows, kind));
  }

  private String function(int rows, Kind kind) {
    MicroKernel kernel = new MicroKernel(tile, rows, kind);
    boolean isLast = tiles.together() > 1 && rows % tiles.together() != 0;
    return isLast && rows > SplitKernel.LAST_ROWS
        ? new SplitKernel(kernel).function(out.module())
        : kernel.function(out.module());
  }
}

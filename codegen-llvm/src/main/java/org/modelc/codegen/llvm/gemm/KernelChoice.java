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
    return tiles.function(
        number, tile.rows(), rows -> new MicroKernel(tile, rows, kind).function(out.module()));
  }
}

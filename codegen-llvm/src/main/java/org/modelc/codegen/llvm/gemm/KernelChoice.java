package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
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
    if (!tiles.base().isConstant()) {
      String table = table(kind);
      Operand rows = tiles.rows(number);
      return out.load("ptr", out.address("ptr", new Operand("ptr", "@" + table), rows));
    }
    int base = (int) Arithmetic.value(tiles.base());
    Operand smaller = pointer(base, kind);
    if (tiles.extra().is(0)) {
      return smaller;
    }
    Operand larger = pointer(base + 1, kind);
    return new Arithmetic(out).select(tiles.isLarger(number), larger, smaller);
  }

  private Operand pointer(int rows, Kind kind) {
    MicroKernel kernel = new MicroKernel(tile, rows, kind);
    return new Operand("ptr", "@" + kernel.function(out.module()));
  }

  /** A constant of the module: the functions by number of rows. */
  private String table(Kind kind) {
    List<String> functions = new ArrayList<>();
    functions.add("ptr null");
    for (int rows = 1; rows <= tile.rows(); rows++) {
      functions.add(pointer(rows, kind).toString());
    }
    String first = functions.get(1).substring("ptr @".length());
    String name = "rows.of." + first;
    String type = "[" + functions.size() + " x ptr]";
    String elements = String.join(", ", functions);
    return out.module()
        .library(name, () -> "@" + name + " = internal constant " + type + " [" + elements + "]\n");
  }
}

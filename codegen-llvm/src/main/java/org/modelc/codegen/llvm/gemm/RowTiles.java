package org.modelc.codegen.llvm.gemm;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Rows dealt out to tiles as evenly as they go: the first {@code extra} tiles have one row more
 * than {@code base}; or two, where rows are known only at a call: pairs are dealt out then, and
 * only the last tile can have an odd number of rows.
 *
 * @param all the number of rows
 * @param together rows that are dealt out together
 * @param count the number of tiles; at least one
 */
record RowTiles(
    Operand all, int together, Operand count, Operand base, Operand extra, Arithmetic math) {
  static RowTiles of(Operand rows, int most, Arithmetic math) {
    Operand count = math.maximum(Operand.i64(1), math.ceiling(rows, most));
    int together = rows.isConstant() || most % 2 == 1 ? 1 : 2;
    Operand dealt = math.ceiling(rows, together);
    Operand base = math.divide(dealt, count);
    return new RowTiles(rows, together, count, base, math.remainder(dealt, count), math);
  }

  /** All rows in one tile. */
  static RowTiles one(Operand rows, Arithmetic math) {
    return new RowTiles(rows, 1, Operand.i64(1), rows, Operand.i64(0), math);
  }

  /** The first row of a tile; of the one behind the last, the number of rows. */
  Operand first(Operand tile) {
    Operand dealt = math.add(math.times(tile, base), math.minimum(tile, extra));
    return together == 1 ? dealt : math.minimum(all, math.times(dealt, together));
  }

  /** Whether a tile of rows that are known has one more than others. */
  Operand isLarger(Operand tile) {
    return math.isBelow(tile, extra);
  }

  /**
   * The function for a tile: a name, or a register that holds its address, taken from a table of
   * the module where the rows are known only at a call.
   *
   * @param most the most rows of a tile
   * @param functions the name of the function for a number of rows
   */
  Operand function(Operand tile, int most, IntFunction<String> functions) {
    FunctionWriter out = math.out();
    if (!base.isConstant()) {
      Operand table = new Operand("ptr", "@" + table(most, functions));
      return out.load("ptr", out.address("ptr", table, rows(tile)));
    }
    int fewer = (int) Arithmetic.value(base);
    Operand smaller = new Operand("ptr", "@" + functions.apply(fewer));
    if (extra.is(0)) {
      return smaller;
    }
    Operand larger = new Operand("ptr", "@" + functions.apply(fewer + 1));
    return math.select(isLarger(tile), larger, smaller);
  }

  /** A constant of the module: the functions by number of rows. */
  private String table(int most, IntFunction<String> functions) {
    List<String> names = IntStream.rangeClosed(1, most).mapToObj(functions).toList();
    // A function of one row may serve tables that differ in the others.
    String name = "rows.of." + names.get(most - 1);
    String elements =
        "ptr null, " + names.stream().map(each -> "ptr @" + each).collect(joining(", "));
    String array = "[" + (most + 1) + " x ptr] [" + elements + "]";
    return math.out()
        .module()
        .library(name, () -> "@" + name + " = internal constant " + array + "\n");
  }

  /** The rows of a tile. */
  Operand rows(Operand tile) {
    Operand more = math.select(isLarger(tile), Operand.i64(1), Operand.i64(0));
    Operand rows = math.times(math.add(base, more), together);
    return together == 1 ? rows : math.minimum(rows, math.subtract(all, first(tile)));
  }
}

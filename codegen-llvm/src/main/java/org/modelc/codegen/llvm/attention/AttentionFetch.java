package org.modelc.codegen.llvm.attention;

import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.runtime.spec.Dim;

/**
 * Fetches what the next task reads and writes into the second cache, a few rows after each tile of
 * this one's products. Rows of a head are far from each other, so the machine does not foresee
 * them; and all at once they would wait for each other.
 */
final class AttentionFetch {
  private static final int CACHE_LINE = 64;

  private final AttentionRows rows;
  private final FunctionWriter out;
  private final Arithmetic math;
  private final Operand counter;
  private List<Rows> wanted = List.of();
  private Operand most;
  private int together;

  AttentionFetch(AttentionRows rows) {
    this.rows = rows;
    this.out = rows.out;
    this.math = rows.math;
    this.counter = rows.scratch(Dim.ONE, 1).address();
  }

  /**
   * Some rows of a tensor.
   *
   * @param count how many; at least one
   */
  record Rows(Matrix matrix, Operand count, long size) {}

  /**
   * From here on other rows are fetched.
   *
   * @param together rows of each tensor after each tile
   */
  void begin(List<Rows> wanted, int together) {
    this.wanted = wanted;
    this.together = together;
    this.most = wanted.stream().map(Rows::count).reduce(Operand.i64(0), math::maximum);
    out.store(Operand.i64(0), counter);
  }

  /** Fetches a few rows, if any are left. */
  void some() {
    Operand first = out.load("i64", counter);
    math.when(
        math.isBelow(first, most),
        () -> {
          out.store(math.add(first, Operand.i64(together)), counter);
          for (int i = 0; i < together; i++) {
            Operand row = math.add(first, Operand.i64(i));
            wanted.forEach(each -> fetch(each, row));
          }
        });
  }

  private void fetch(Rows from, Operand number) {
    Operand last = math.subtract(from.count, Operand.i64(1));
    Operand row = rows.at(from.matrix, math.minimum(number, last));
    for (long on = 0; on < from.size * rows.bytes; on += CACHE_LINE) {
      out.prefetchToSecondCache(out.address("i8", row, Operand.i64(on)));
    }
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.ir.kernel.LoopNest;

/** Brings finished sums through the expressions of their nest. */
final class FinishedSums {
  private FinishedSums() {}

  /**
   * Writes a nest's stores, all values before the first: an output may lie in an operand's place.
   *
   * @param writer knows the sums
   */
  static void store(List<LoopNest.Store> stores, ExpressionWriter writer) {
    List<Operand> values = stores.stream().map(store -> writer.value(store.value())).toList();
    for (int i = 0; i < values.size(); i++) {
      writer.store(stores.get(i).buffer(), stores.get(i).index(), values.get(i));
    }
  }
}

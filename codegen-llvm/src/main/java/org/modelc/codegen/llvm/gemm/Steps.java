package org.modelc.codegen.llvm.gemm;

import org.modelc.codegen.llvm.emit.Operand;

/**
 * Steps of a product's depth that are added at one go.
 *
 * @param from the first step
 * @param count how many
 * @param areFirst whether sums begin with them
 * @param areLast whether sums are finished with them
 */
record Steps(Operand from, Operand count, Operand areFirst, Operand areLast) {
  /** The whole depth. */
  static Steps all(Operand depth) {
    return new Steps(Operand.i64(0), depth, Operand.TRUE, Operand.TRUE);
  }

  /** Some of these steps; whether sums begin or end with them is not told. */
  Steps part(Operand on, Operand some, Arithmetic math) {
    return new Steps(math.add(from, on), some, areFirst, areLast);
  }
}

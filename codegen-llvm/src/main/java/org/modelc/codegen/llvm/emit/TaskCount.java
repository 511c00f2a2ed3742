package org.modelc.codegen.llvm.emit;

import org.modelc.runtime.spec.Dim;

/**
 * How many tasks a kernel has: {@code outer × ⌈columns / block⌉}. It depends on shapes alone.
 *
 * @param alignment tasks are given to workers in multiples of this many
 */
public record TaskCount(Dim outer, Dim columns, long block, long alignment) {
  /** So many tasks. */
  public static TaskCount of(Dim outer) {
    return new TaskCount(outer, Dim.ONE, 1, 1);
  }

  Operand write(KernelFunction function) {
    return function.writer().multiply(function.dim(outer), blocks(function));
  }

  /** The number of blocks of columns. */
  Operand blocks(KernelFunction function) {
    if (columns.isStatic()) {
      return Operand.i64((columns.value() + block - 1) / block);
    }
    FunctionWriter writer = function.writer();
    Operand above = writer.add(function.dim(columns), Operand.i64(block - 1));
    return block == 1 ? above : writer.binary("udiv", above, Operand.i64(block));
  }

  /** The number of tasks if it is known, else -1. */
  long known() {
    return outer.isStatic() && columns.isStatic()
        ? outer.value() * ((columns.value() + block - 1) / block)
        : -1;
  }
}

package org.modelc.codegen.llvm.emit;

import org.modelc.ir.kernel.Combiner;
import org.modelc.runtime.spec.DType;

/** Values that joining leaves as it is. */
final class Identities {
  private Identities() {}

  static Operand of(Combiner combiner, DType dtype) {
    return switch (combiner) {
      // Of floats, −0: 0 would turn a sum of −0 into 0.
      case SUM -> dtype.isFloating() ? number(dtype, -0.0) : integer(dtype, 0);
      case PRODUCT -> dtype.isFloating() ? number(dtype, 1) : integer(dtype, 1);
      case MINIMUM ->
          dtype.isFloating()
              ? number(dtype, Double.POSITIVE_INFINITY)
              : integer(dtype, dtype == DType.BOOL ? 1 : greatest(dtype));
      case MAXIMUM ->
          dtype.isFloating()
              ? number(dtype, Double.NEGATIVE_INFINITY)
              : integer(dtype, dtype == DType.BOOL ? 0 : -greatest(dtype) - 1);
      case AND -> integer(dtype, -1);
      case OR -> integer(dtype, 0);
    };
  }

  private static Operand number(DType dtype, double value) {
    return Operand.number(LlvmTypes.value(dtype), value);
  }

  private static Operand integer(DType dtype, long value) {
    return Operand.integer(LlvmTypes.value(dtype), value);
  }

  private static long greatest(DType dtype) {
    return dtype == DType.I64 ? Long.MAX_VALUE : (1L << (dtype.bytes() * 8 - 1)) - 1;
  }
}

package org.modelc.ir.kernel;

import org.modelc.runtime.spec.DType;

/** Values that joining leaves as it is. */
public final class Identities {
  private Identities() {}

  /** The identity of a combiner; its dtype is that of the joined values. */
  public static Expr of(Combiner combiner, DType dtype) {
    boolean floating = dtype.isFloating();
    return switch (combiner) {
      // Of floats, −0: 0 would turn a sum of −0 into 0.
      case SUM -> Expr.constant(dtype, floating ? -0.0 : 0);
      case PRODUCT -> Expr.constant(dtype, 1);
      case MINIMUM ->
          floating
              ? Expr.constant(dtype, Double.POSITIVE_INFINITY)
              : integer(dtype, greatest(dtype));
      case MAXIMUM ->
          floating ? Expr.constant(dtype, Double.NEGATIVE_INFINITY) : integer(dtype, least(dtype));
      case AND -> integer(dtype, dtype == DType.BOOL ? 1 : -1);
      case OR -> integer(dtype, 0);
    };
  }

  private static Expr integer(DType dtype, long value) {
    boolean wide = dtype == DType.I32 || dtype == DType.I64;
    return wide ? new Expr.IntConst(dtype, value) : new Expr.Const(dtype, value);
  }

  private static long greatest(DType dtype) {
    if (dtype == DType.BOOL) {
      return 1;
    }
    return dtype == DType.I64 ? Long.MAX_VALUE : (1L << (dtype.bytes() * 8 - 1)) - 1;
  }

  private static long least(DType dtype) {
    return dtype == DType.BOOL ? 0 : -greatest(dtype) - 1;
  }
}

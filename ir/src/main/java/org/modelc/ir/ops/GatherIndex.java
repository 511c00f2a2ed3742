package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.OpException;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * The rule of all ops that take indices: they count from 0, and one out of range (-1 too) stands
 * for nothing. Reading there gives NaN (0 for integers, false for bool), as {@code mode="fill"} of
 * {@code jax.numpy.take}; adding there adds nothing. Clamping would hide the mistake in plausible
 * numbers; NaN makes the loss not finite, so a bad step leaves parameters as they were.
 */
final class GatherIndex {
  private GatherIndex() {}

  /** Checks that a tensor holds indices. */
  static void check(String opName, TensorType index) {
    if (index.dtype() != DType.I32 && index.dtype() != DType.I64) {
      throw new OpException(
          opName + " needs indices of type i32 or i64, got " + index, "convert them with cast");
    }
  }

  /** What reading out of range gives. */
  static double filler(DType dtype) {
    return dtype.isFloating() ? Double.NaN : 0;
  }

  /** {@code 0 <= place < size}. */
  static Expr inside(Expr place, Dim size) {
    Expr notBefore = Expr.apply(ScalarOp.GREATER_EQUAL, place, Expr.integer(0));
    Expr notAfter = Expr.apply(ScalarOp.LESS, place, Expr.size(size));
    return Expr.apply(ScalarOp.AND, notBefore, notAfter);
  }

  /**
   * An index element as i32: an i64 beyond i32 becomes -1, so that it stays out of range rather
   * than wrap into it.
   */
  static Expr place(Buffer index, List<Expr> at) {
    Expr load = new Expr.Load(index, at);
    if (load.dtype() == DType.I32) {
      return load;
    }
    Expr narrow = Expr.cast(DType.I32, load);
    Expr same = Expr.apply(ScalarOp.EQUAL, Expr.cast(load.dtype(), narrow), load);
    return Expr.select(same, narrow, Expr.integer(-1));
  }
}

package org.modelc.codegen.jvm;

import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.DType;

/** Recognises plain loads that run through memory in order along an axis. */
final class UnitStride {
  private UnitStride() {}

  /** Whether the expression is an f32 load whose position grows by one with the axis. */
  static boolean along(Expr expr, String axis) {
    AffineIndex index = index(expr);
    return index != null && index.coefficient(axis).is(1);
  }

  /** The flat position of a plain f32 load, or null. */
  static AffineIndex index(Expr expr) {
    if (expr instanceof Expr.Load load && load.buffer().dtype() == DType.F32) {
      return KernelScope.flat(load.buffer(), load.index());
    }
    return null;
  }
}

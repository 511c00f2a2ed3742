package org.modelc.ir.kernel;

/** How a reduction joins values. The order of joining is part of a kernel's schedule. */
public enum Combiner {
  SUM(ScalarOp.ADD),
  PRODUCT(ScalarOp.MULTIPLY),
  MINIMUM(ScalarOp.MINIMUM),
  MAXIMUM(ScalarOp.MAXIMUM),
  AND(ScalarOp.AND),
  OR(ScalarOp.OR);

  private final ScalarOp op;

  Combiner(ScalarOp op) {
    this.op = op;
  }

  public ScalarOp op() {
    return op;
  }
}

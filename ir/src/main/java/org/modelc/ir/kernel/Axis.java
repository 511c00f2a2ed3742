package org.modelc.ir.kernel;

import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * An iteration dim of a loop nest: {@code name} runs from 0 to below {@code extent}.
 *
 * @param name unique within the nest
 */
public record Axis(String name, Dim extent) {
  /** The axis as an index. */
  public Expr.Var variable() {
    return new Expr.Var(name, DType.I32);
  }

  @Override
  public String toString() {
    return name + "<" + extent;
  }
}

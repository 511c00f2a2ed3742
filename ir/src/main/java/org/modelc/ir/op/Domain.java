package org.modelc.ir.op;

import org.modelc.runtime.spec.DType;

/** The element types an op is defined on. */
public enum Domain {
  FLOATING("floating-point numbers"),
  NUMERIC("numbers"),
  BOOLEAN("bool"),
  /** Integers and bool: bitwise. */
  BITS("integers or bool"),
  ANY("any type");

  private final String text;

  Domain(String text) {
    this.text = text;
  }

  public boolean accepts(DType dtype) {
    return switch (this) {
      case FLOATING -> dtype.isFloating();
      case NUMERIC -> dtype != DType.BOOL;
      case BOOLEAN -> dtype == DType.BOOL;
      case BITS -> !dtype.isFloating();
      case ANY -> true;
    };
  }

  /**
   * Checks an operand.
   *
   * @throws OpException if the type is not in this domain
   */
  public void check(String opName, DType dtype) {
    if (!accepts(dtype)) {
      throw new OpException(
          opName + " is defined on " + text + ", not on " + dtype, "convert it with cast");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}

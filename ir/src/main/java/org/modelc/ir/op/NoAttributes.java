package org.modelc.ir.op;

/** The attribute record of ops that have none. */
public record NoAttributes() {
  public static final NoAttributes NONE = new NoAttributes();
}

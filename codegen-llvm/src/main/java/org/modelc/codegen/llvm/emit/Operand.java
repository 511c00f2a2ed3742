package org.modelc.codegen.llvm.emit;

import java.util.HexFormat;

/**
 * A typed value of LLVM IR: a register such as {@code %v3}, or a constant.
 *
 * @param type as LLVM writes it: {@code float}, {@code <16 x float>}, {@code i64}, {@code ptr}
 * @param text the value without its type
 */
public record Operand(String type, String text) {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  public static final Operand TRUE = new Operand("i1", "true");
  public static final Operand FALSE = new Operand("i1", "false");

  /** An index or a count. */
  public static Operand i64(long value) {
    return new Operand("i64", Long.toString(value));
  }

  public static Operand i32(int value) {
    return new Operand("i32", Integer.toString(value));
  }

  /** An integer of any width; of i1, its lowest bit. */
  public static Operand integer(String type, long value) {
    return type.equals("i1")
        ? (value & 1) == 1 ? TRUE : FALSE
        : new Operand(type, Long.toString(value));
  }

  /** A floating constant, by its bits: decimal text would have to be exact. */
  public static Operand number(String type, double value) {
    double rounded = type.equals("float") ? (float) value : value;
    long bits = Double.doubleToLongBits(rounded);
    return new Operand(type, "0x" + HEX.toHexDigits(bits));
  }

  /** 0 of any type, vectors too. */
  public static Operand zero(String type) {
    return new Operand(type, "zeroinitializer");
  }

  /** What a constant is in all lanes of a vector. */
  public Operand splatConstant(int lanes) {
    return new Operand(LlvmTypes.vector(type, lanes), "splat (" + this + ")");
  }

  public boolean isVector() {
    return type.charAt(0) == '<';
  }

  public boolean isConstant() {
    return text.charAt(0) != '%';
  }

  /** Whether this is the integer constant. */
  public boolean is(long value) {
    return isConstant() && text.equals(Long.toString(value));
  }

  public int lanes() {
    return isVector() ? Integer.parseInt(type.substring(1, type.indexOf(' '))) : 1;
  }

  /** The type, or that of one lane. */
  public String element() {
    return LlvmTypes.element(type);
  }

  public boolean isFloating() {
    return element().equals("float") || element().equals("double");
  }

  /** As operands are written: the type, then the value. */
  @Override
  public String toString() {
    return type + " " + text;
  }
}

package org.modelc.runtime.spec;

/**
 * Element types of storage and of computation.
 *
 * <p>Storage and compute types are distinct: {@link #F16}, {@link #BF16} and {@link #I8} tensors
 * are widened to {@link #F32} and {@link #I32} before arithmetic.
 */
public enum DType {
  F32("f32", 4, float.class),
  F64("f64", 8, double.class),
  F16("f16", 2, short.class),
  BF16("bf16", 2, short.class),
  I8("i8", 1, byte.class),
  I32("i32", 4, int.class),
  I64("i64", 8, long.class),
  BOOL("bool", 1, byte.class);

  private final String text;
  private final int bytes;
  private final Class<?> element;

  DType(String text, int bytes, Class<?> element) {
    this.text = text;
    this.bytes = bytes;
    this.element = element;
  }

  /** The name in the language and in printed IR. */
  public String text() {
    return text;
  }

  /** Bytes of one stored element. */
  public int bytes() {
    return bytes;
  }

  /** What Java's arrays of it consist of. */
  public Class<?> element() {
    return element;
  }

  public boolean isFloating() {
    return this == F32 || this == F64 || isHalf();
  }

  /** Whether it is stored alone: loads give f32, and stores round to it. */
  public boolean isHalf() {
    return this == F16 || this == BF16;
  }

  /** The type of a loaded element. */
  public DType loaded() {
    return isHalf() ? F32 : this;
  }

  public boolean isInteger() {
    return this == I8 || this == I32 || this == I64;
  }

  /**
   * The type with this name.
   *
   * @throws IllegalArgumentException if no type has it
   */
  public static DType of(String text) {
    for (DType dtype : values()) {
      if (dtype.text.equals(text)) {
        return dtype;
      }
    }
    throw new IllegalArgumentException("no element type '" + text + "'");
  }

  @Override
  public String toString() {
    return text;
  }
}

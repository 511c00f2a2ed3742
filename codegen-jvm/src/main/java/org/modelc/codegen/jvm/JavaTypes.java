package org.modelc.codegen.jvm;

import org.modelc.runtime.spec.DType;

/** How element types look in Java: in arrays and as values. */
final class JavaTypes {
  private JavaTypes() {}

  /** The element type of a buffer's array. */
  static String element(DType dtype) {
    return switch (dtype) {
      case F32 -> "float";
      case F64 -> "double";
      case F16, BF16 -> "short";
      case I8, BOOL -> "byte";
      case I32 -> "int";
      case I64 -> "long";
    };
  }

  /** The type of a value in a local. */
  static String value(DType dtype) {
    return switch (dtype) {
      case F32, F16, BF16 -> "float";
      case F64 -> "double";
      case I8, I32 -> "int";
      case I64 -> "long";
      case BOOL -> "boolean";
    };
  }

  /** Reads an array element as a value. */
  static String load(DType dtype, String element) {
    return switch (dtype) {
      case F32, F64, I8, I32, I64 -> element;
      case F16 -> "HalfFloat.fromF16(" + element + ")";
      case BF16 -> "Float.intBitsToFloat(" + element + " << 16)";
      case BOOL -> "(" + element + " != 0)";
    };
  }

  /** Turns a value into what an array element holds. */
  static String store(DType dtype, String value) {
    return switch (dtype) {
      case F32, F64, I32, I64 -> value;
      case F16, BF16 -> "HalfFloat." + dtype + "(" + value + ")";
      case I8 -> "(byte) " + value;
      case BOOL -> "(byte) (" + value + " ? 1 : 0)";
    };
  }

  /** A literal of the type. */
  static String constant(DType dtype, double value) {
    return switch (dtype) {
      case F32, F16, BF16 -> floating((float) value);
      case F64 -> floating(value);
      case I8, I32 -> integer(dtype, (long) value);
      case I64 -> integer(dtype, (long) value);
      case BOOL -> String.valueOf(value != 0);
    };
  }

  static String integer(DType dtype, long value) {
    String suffix = dtype == DType.I64 ? "L" : "";
    return value < 0 && value != Long.MIN_VALUE && value != Integer.MIN_VALUE
        ? "(" + value + suffix + ")"
        : value + suffix;
  }

  private static String floating(float value) {
    if (Float.isNaN(value)) {
      return "Float.NaN";
    } else if (Float.isInfinite(value)) {
      return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
    }
    String text = value + "f";
    return text.startsWith("-") ? "(" + text + ")" : text;
  }

  private static String floating(double value) {
    if (Double.isNaN(value)) {
      return "Double.NaN";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
    }
    String text = value + "d";
    return text.startsWith("-") ? "(" + text + ")" : text;
  }
}

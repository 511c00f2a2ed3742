package org.modelc.codegen.cuda.emit;

import org.modelc.runtime.spec.DType;

/** Element types as CUDA C++ has them. */
public final class CudaTypes {
  private CudaTypes() {}

  /** The type of a stored element. */
  public static String storage(DType dtype) {
    return switch (dtype) {
      case F32 -> "float";
      case F64 -> "double";
      case F16, BF16 -> dtype.text();
      case I8 -> "signed char";
      case I32 -> "int";
      case I64 -> "long long";
      case BOOL -> "unsigned char";
    };
  }

  /** The type of a computed value. */
  public static String value(DType dtype) {
    return switch (dtype) {
      case F32, F16, BF16 -> "float";
      case F64 -> "double";
      case I8 -> "signed char";
      case I32 -> "int";
      case I64 -> "long long";
      case BOOL -> "bool";
    };
  }

  /** What is computed with, from a stored element. */
  static String load(DType dtype, String element, Prelude prelude) {
    return switch (dtype) {
      case F32, F64, I8, I32, I64 -> element;
      case F16, BF16 -> prelude.call("widen_" + dtype, element);
      case BOOL -> "(" + element + " != 0)";
    };
  }

  /** What is stored, from a computed value. */
  static String store(DType dtype, String value, Prelude prelude) {
    return switch (dtype) {
      case F32, F64, I8, I32, I64, BOOL -> value;
      case F16, BF16 -> prelude.call("narrow_" + dtype, value);
    };
  }

  /** A literal in its value type. */
  static String constant(DType dtype, double value, Prelude prelude) {
    return switch (dtype) {
      case F32, F16, BF16 -> single((float) value, prelude);
      case F64 -> wide(value, prelude);
      case BOOL -> String.valueOf(value != 0);
      case I8 -> "(signed char) " + (long) value;
      case I32, I64 -> integer(dtype, (long) value);
    };
  }

  private static String single(float value, Prelude prelude) {
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      String bits = "0x" + Integer.toHexString(Float.floatToIntBits(value));
      return prelude.call("from_bits", "(int) " + bits + "u");
    }
    return signed(Float.toString(value) + "f");
  }

  private static String wide(double value, Prelude prelude) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      String bits = "0x" + Long.toHexString(Double.doubleToLongBits(value));
      return prelude.call("from_bits", "(long long) " + bits + "ull");
    }
    return signed(Double.toString(value));
  }

  private static String signed(String number) {
    return number.startsWith("-") ? "(" + number + ")" : number;
  }

  /** An integer literal; the least of a type has no literal of its own. */
  static String integer(DType dtype, long value) {
    if (dtype == DType.I64) {
      return value == Long.MIN_VALUE ? "(-9223372036854775807LL - 1)" : signed(value + "LL");
    }
    return value == Integer.MIN_VALUE ? "(-2147483647 - 1)" : signed(String.valueOf(value));
  }
}

package org.modelc.codegen.llvm.emit;

import org.modelc.runtime.spec.DType;

/** The names of LLVM's types. */
public final class LlvmTypes {
  private LlvmTypes() {}

  /** How an element lies in memory. */
  public static String storage(DType dtype) {
    return switch (dtype) {
      case F32 -> "float";
      case F64 -> "double";
      case F16, BF16 -> "i16";
      case I8, BOOL -> "i8";
      case I32 -> "i32";
      case I64 -> "i64";
    };
  }

  /** What a value is computed in. */
  public static String value(DType dtype) {
    return switch (dtype) {
      case F32, F16, BF16 -> "float";
      case F64 -> "double";
      case I8 -> "i8";
      case BOOL -> "i1";
      case I32 -> "i32";
      case I64 -> "i64";
    };
  }

  public static String vector(String element, int lanes) {
    return "<" + lanes + " x " + element + ">";
  }

  /** A type with as many lanes as another. */
  public static String like(String element, Operand model) {
    return model.isVector() ? vector(element, model.lanes()) : element;
  }

  public static String element(String type) {
    return type.charAt(0) == '<'
        ? type.substring(type.indexOf(" x ") + 3, type.length() - 1)
        : type;
  }

  /** The type as it stands in the names of intrinsics: {@code v16f32}. */
  public static String suffix(String type) {
    if (type.charAt(0) == '<') {
      return "v" + type.substring(1, type.indexOf(' ')) + suffix(element(type));
    }
    return switch (type) {
      case "float" -> "f32";
      case "double" -> "f64";
      case "ptr" -> "p0";
      default -> type;
    };
  }

  /** Bytes of one stored element of a scalar type. */
  public static int bytes(String element) {
    return switch (element) {
      case "double", "i64", "ptr" -> 8;
      case "float", "i32" -> 4;
      case "i16" -> 2;
      default -> 1;
    };
  }
}

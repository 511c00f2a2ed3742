package org.modelc.testkit.ptx;

import java.util.List;
import java.util.function.LongBinaryOperator;

/** Arithmetic of integers. Source: PTX ISA, "Integer Arithmetic Instructions". */
final class IntegerArithmetic {
  private IntegerArithmetic() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    PtxType type = at.type();
    return switch (at.name()) {
      case "abs" -> LaneOperations.unary(at, operands, a -> type.bits(Math.abs(type.value(a))));
      case "neg" -> LaneOperations.unary(at, operands, a -> type.bits(-a));
      case "mul", "mad" -> product(at, operands, type);
      case "dp4a" -> dot(at, operands, 8, 0);
      case "dp2a" -> dot(at, operands, 16, at.has("hi") ? 16 : 0);
      default -> binary(at, operands, type);
    };
  }

  private static Operation binary(PtxInstruction at, Operands operands, PtxType type) {
    at.allow(List.of());
    LongBinaryOperator plain = plain(at.name(), type.bits());
    if (plain != null) {
      return LaneOperations.binary(at, operands, plain);
    }
    LongBinaryOperator function =
        switch (at.name()) {
          case "add" -> (a, b) -> a + b;
          case "sub" -> (a, b) -> a - b;
          case "min" -> type.isSigned() ? Math::min : IntegerArithmetic::unsignedMinimum;
          case "max" -> type.isSigned() ? Math::max : (a, b) -> ~unsignedMinimum(~a, ~b);
          case "div" -> type.isSigned() ? IntegerArithmetic::quotient : Long::divideUnsigned;
          case "rem" -> type.isSigned() ? IntegerArithmetic::remainder : Long::remainderUnsigned;
          default -> throw at.unknown("is not known for integers");
        };
    if (List.of("div", "rem").contains(at.name())) {
      return LaneOperations.binary(
          at, operands, (a, b) -> divided(type, type.value(a), type.value(b), function));
    }
    return LaneOperations.binary(
        at, operands, (a, b) -> type.bits(function.applyAsLong(type.value(a), type.value(b))));
  }

  /** The commonest operations in one call, or null. */
  private static LongBinaryOperator plain(String name, int bits) {
    boolean adds = name.equals("add");
    if (!adds && !name.equals("sub") || bits < 32) {
      return null;
    }
    if (bits == 64) {
      return adds ? (a, b) -> a + b : (a, b) -> a - b;
    }
    return adds ? (a, b) -> a + b & 0xffffffffL : (a, b) -> a - b & 0xffffffffL;
  }

  /** "Division by zero yields an unspecified, machine-specific value": all bits here. */
  private static long divided(PtxType type, long a, long b, LongBinaryOperator function) {
    return type.bits(b == 0 ? -1 : function.applyAsLong(a, b));
  }

  private static long quotient(long a, long b) {
    return a / b;
  }

  private static long remainder(long a, long b) {
    return a % b;
  }

  private static long unsignedMinimum(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static Operation product(PtxInstruction at, Operands operands, PtxType type) {
    at.allow(List.of("lo", "hi", "wide"));
    LongBinaryOperator product = part(at, type);
    PtxType result = at.has("wide") ? new PtxType(type.kind(), 2 * type.bits()) : type;
    if (at.name().equals("mul")) {
      return LaneOperations.binary(
          at, operands, (a, b) -> result.bits(product.applyAsLong(type.value(a), type.value(b))));
    }
    return LaneOperations.ternary(
        at,
        operands,
        (a, b, c) -> result.bits(product.applyAsLong(type.value(a), type.value(b)) + c));
  }

  private static LongBinaryOperator part(PtxInstruction at, PtxType type) {
    if (!at.has("hi")) {
      return (a, b) -> a * b;
    }
    if (type.bits() < 64) {
      return (a, b) -> a * b >> type.bits();
    }
    return type.isSigned()
        ? Math::multiplyHigh
        : (a, b) -> Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }

  /**
   * Products of all parts of a register with bytes of another, and a sum.
   *
   * @param bits a part's width
   * @param from the first byte's place
   */
  private static Operation dot(PtxInstruction at, Operands operands, int bits, int from) {
    at.allow(List.of("lo", "hi"));
    PtxType left = new PtxType(at.types().get(0).kind(), bits);
    PtxType right = new PtxType(at.types().get(1).kind(), 8);
    return LaneOperations.ternary(
        at,
        operands,
        (a, b, c) -> {
          long sum = c;
          for (int i = 0; i < 32 / bits; i++) {
            sum += left.value(a >>> i * bits) * right.value(b >>> from + 8 * i);
          }
          return sum & 0xffffffffL;
        });
  }
}

package org.modelc.testkit.ptx;

import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Bits. Source: PTX ISA, "Logic and Shift Instructions", "Integer Arithmetic Instructions" (popc to
 * bfi), "prmt".
 */
final class BitOperations {
  private BitOperations() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    return switch (at.name()) {
      case "and", "or", "xor", "not" -> logic(at, operands);
      case "shl", "shr" -> shift(at, operands);
      case "shf" -> funnel(at, operands);
      case "lop3" -> lookup(at, operands);
      case "prmt" -> permute(at, operands);
      case "bfe", "bfi" -> field(at, operands);
      default -> count(at, operands);
    };
  }

  private static Operation logic(PtxInstruction at, Operands operands) {
    at.allow(List.of());
    if (operands.isPredicate(at.operand(0))) {
      return new PredicateLogic(at, operands);
    }
    PtxType type = at.type();
    LongBinaryOperator function =
        switch (at.name()) {
          case "and" -> (a, b) -> a & b;
          case "or" -> (a, b) -> a | b;
          default -> (a, b) -> a ^ b;
        };
    return at.name().equals("not")
        ? LaneOperations.unary(at, operands, a -> type.bits(~a))
        : LaneOperations.binary(at, operands, (a, b) -> type.bits(function.applyAsLong(a, b)));
  }

  /** Amounts beyond the width leave zeros, or the sign. */
  private static Operation shift(PtxInstruction at, Operands operands) {
    at.allow(List.of());
    PtxType type = at.type();
    LongBinaryOperator function =
        at.name().equals("shl")
            ? (a, b) -> b >= type.bits() ? 0 : a << b
            : (a, b) ->
                b >= type.bits()
                    ? type.value(a) >> 63 & (type.isSigned() ? -1 : 0)
                    : type.isSigned() ? type.value(a) >> b : type.value(a) >>> b;
    return LaneOperations.binary(
        at, operands, (a, b) -> type.bits(function.applyAsLong(a, b & 0xffffffffL)));
  }

  private static Operation funnel(PtxInstruction at, Operands operands) {
    at.allow(List.of("l", "r", "wrap", "clamp"));
    boolean left = at.has("l");
    boolean wraps = at.has("wrap");
    return LaneOperations.ternary(
        at,
        operands,
        (a, b, c) -> {
          long both = b << 32 | a & 0xffffffffL;
          int by = (int) (wraps ? c & 31 : Math.min(c & 0xffffffffL, 32));
          return (left ? both << by >>> 32 : both >>> by) & 0xffffffffL;
        });
  }

  private static Operation lookup(PtxInstruction at, Operands operands) {
    at.allow(List.of());
    if (!(at.operand(4) instanceof PtxOperand.Constant table)) {
      throw at.unknown("wants a constant table");
    }
    return LaneOperations.ternary(
        at,
        operands,
        (a, b, c) -> {
          long result = 0;
          for (int i = 0; i < 8; i++) {
            if ((table.bits() >> i & 1) != 0) {
              result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
            }
          }
          return result & 0xffffffffL;
        });
  }

  private static Operation permute(PtxInstruction at, Operands operands) {
    at.allow(List.of());
    return LaneOperations.ternary(
        at,
        operands,
        (a, b, c) -> {
          long bytes = b << 32 | a & 0xffffffffL;
          long result = 0;
          for (int i = 0; i < 4; i++) {
            int selector = (int) (c >> 4 * i) & 15;
            long value = bytes >>> 8 * (selector & 7) & 255;
            long chosen = (selector & 8) == 0 ? value : (value >> 7) * 255;
            result |= chosen << 8 * i;
          }
          return result;
        });
  }

  private static Operation field(PtxInstruction at, Operands operands) {
    at.allow(List.of());
    PtxType type = at.type();
    return at.name().equals("bfe")
        ? LaneOperations.ternary(
            at, operands, (a, b, c) -> extracted(type, a, (int) b & 255, (int) c & 255))
        : new Insertion(at, operands, type);
  }

  /** Bits past the top are the sign of the field's last bit, or zero. */
  private static long extracted(PtxType type, long a, int position, int length) {
    int top = Math.min(position + length - 1, type.bits() - 1);
    boolean negative = type.isSigned() && length > 0 && (a >>> top & 1) != 0;
    long result = negative ? -1 : 0;
    for (int i = 0; i < Math.min(length, 64); i++) {
      boolean bit = position + i < type.bits() ? (a >>> position + i & 1) != 0 : negative;
      result = bit ? result | 1L << i : result & ~(1L << i);
    }
    return type.bits(result);
  }

  private static Operation count(PtxInstruction at, Operands operands) {
    at.allow(List.of());
    PtxType type = at.type();
    LongUnaryOperator function =
        switch (at.name()) {
          case "popc" -> Long::bitCount;
          case "clz" -> a -> Long.numberOfLeadingZeros(a) - (64 - type.bits());
          case "brev" -> a -> Long.reverse(a) >>> 64 - type.bits();
          case "bfind" -> a -> highest(type, a);
          default -> throw at.unknown("is not known");
        };
    return LaneOperations.unary(at, operands, function);
  }

  private static long highest(PtxType type, long a) {
    long value = type.value(a) < 0 && type.isSigned() ? type.bits(~a) : a;
    return value == 0 ? 0xffffffffL : 63 - Long.numberOfLeadingZeros(value);
  }

  /** bfi: {@code d} is {@code b} with the lower bits of {@code a} at a position. */
  private static final class Insertion extends Operation {
    private final int to;
    private final int[] from = new int[4];
    private final PtxType type;

    Insertion(PtxInstruction at, Operands operands, PtxType type) {
      super(at, operands);
      this.to = operands.target(at.operand(0), at);
      for (int i = 0; i < 4; i++) {
        from[i] = operands.source(at.operand(i + 1), at);
      }
      this.type = type;
    }

    @Override
    void run(Warp warp, int lanes) {
      for (int register : from) {
        warp.settle(register, lanes);
      }
      long[] registers = warp.registers;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int position = (int) registers[from[2] * Warp.LANES + lane] & 255;
        int length = (int) registers[from[3] * Warp.LANES + lane] & 255;
        long ones = length >= 64 ? -1 : (1L << length) - 1;
        long mask = position >= 64 ? 0 : ones << position;
        long value = position >= 64 ? 0 : registers[from[0] * Warp.LANES + lane] << position;
        long kept = registers[from[1] * Warp.LANES + lane] & ~mask;
        registers[to * Warp.LANES + lane] = type.bits(kept | value & mask);
      }
      warp.define(to, lanes);
    }
  }

  /** Logic of predicates: all lanes at once. */
  private static final class PredicateLogic extends Operation {
    private final int to;
    private final int first;
    private final int second;

    PredicateLogic(PtxInstruction at, Operands operands) {
      super(at, operands);
      this.to = operands.predicate(at.operand(0), at);
      this.first = operands.predicate(at.operand(1), at);
      this.second = operands.predicate(at.operand(at.name().equals("not") ? 1 : 2), at);
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.requirePredicate(first, lanes);
      warp.requirePredicate(second, lanes);
      int a = warp.predicates[first];
      int b = warp.predicates[second];
      int result =
          switch (source().name()) {
            case "and" -> a & b;
            case "or" -> a | b;
            case "xor" -> a ^ b;
            default -> ~a;
          };
      warp.writePredicate(to, lanes, result);
    }
  }
}

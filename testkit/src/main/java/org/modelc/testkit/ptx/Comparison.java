package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.List;

/** setp, selp, set. Source: PTX ISA, "Comparison and Selection Instructions". */
final class Comparison {
  private static final List<String> RELATIONS =
      List.of(
          "eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu",
          "gtu", "geu", "num", "nan");

  private Comparison() {}

  /** Whether two registers are in a relation. */
  interface Relation {
    boolean holds(long first, long second);
  }

  static Operation decode(PtxInstruction at, Operands operands) {
    return switch (at.name()) {
      case "setp" -> new Set(at, operands);
      default -> new Select(at, operands);
    };
  }

  private static Relation relation(PtxInstruction at) {
    String name =
        at.opcode().stream()
            .filter(RELATIONS::contains)
            .findFirst()
            .orElseThrow(() -> at.unknown("names no relation"));
    PtxType type = at.type();
    if (type.isFloat()) {
      boolean wide = type.bits() == 64;
      boolean flushes = at.has("ftz");
      return (a, b) -> related(name, number(a, wide, flushes), number(b, wide, flushes));
    }
    return type.isSigned()
        ? (a, b) -> related(name, Long.compare(type.value(a), type.value(b)))
        : (a, b) -> related(name, Long.compareUnsigned(type.value(a), type.value(b)));
  }

  private static double number(long register, boolean wide, boolean flushes) {
    if (wide) {
      return Double.longBitsToDouble(register);
    }
    float value = Rounding.single(register);
    return flushes ? Rounding.flushed(value) : value;
  }

  private static boolean related(String name, int order) {
    return switch (name) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "lt", "lo" -> order < 0;
      case "le", "ls" -> order <= 0;
      case "gt", "hi" -> order > 0;
      case "ge", "hs" -> order >= 0;
      default -> throw new IllegalArgumentException(name + " is no relation of integers");
    };
  }

  /** Relations that end in u hold where a side is NaN, the others do not. */
  private static boolean related(String name, double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return name.equals("nan") || name.length() == 3 && name.endsWith("u");
    }
    return switch (name) {
      case "eq", "equ" -> a == b;
      case "ne", "neu" -> a != b;
      case "lt", "ltu" -> a < b;
      case "le", "leu" -> a <= b;
      case "gt", "gtu" -> a > b;
      case "ge", "geu" -> a >= b;
      default -> name.equals("num");
    };
  }

  /** {@code setp.lt.and.s32 p|q, a, b, c}: q has the relation turned round. */
  private static final class Set extends Operation {
    private final Relation relation;
    private final int to;
    private final int opposite;
    private final int first;
    private final int second;
    private final int third;
    private final boolean thirdNegated;

    Set(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(allowed());
      this.relation = relation(at);
      boolean pair = at.operand(0) instanceof PtxOperand.Pair;
      PtxOperand target = pair ? ((PtxOperand.Pair) at.operand(0)).first() : at.operand(0);
      this.to = operands.predicate(target, at);
      this.opposite =
          pair ? operands.predicate(((PtxOperand.Pair) at.operand(0)).second(), at) : -1;
      this.first = operands.source(at.operand(1), at);
      this.second = operands.source(at.operand(2), at);
      boolean joined = at.operands().size() > 3;
      this.thirdNegated = joined && at.operand(3) instanceof PtxOperand.Not;
      this.third =
          !joined
              ? -1
              : operands.predicate(
                  thirdNegated ? ((PtxOperand.Not) at.operand(3)).operand() : at.operand(3), at);
    }

    private static List<String> allowed() {
      List<String> words = new ArrayList<>(RELATIONS);
      words.addAll(List.of("and", "or", "xor", "ftz"));
      return words;
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(first, lanes);
      warp.settle(second, lanes);
      long[] registers = warp.registers;
      int result = 0;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        if (relation.holds(registers[(first << 5) + lane], registers[(second << 5) + lane])) {
          result |= 1 << lane;
        }
      }
      int other = joined(warp, ~result, lanes);
      warp.writePredicate(to, lanes, joined(warp, result, lanes));
      if (opposite >= 0) {
        warp.writePredicate(opposite, lanes, other);
      }
    }

    private int joined(Warp warp, int result, int lanes) {
      if (third < 0) {
        return result;
      }
      warp.requirePredicate(third, lanes);
      int with = thirdNegated ? ~warp.predicates[third] : warp.predicates[third];
      if (source().has("and")) {
        return result & with;
      }
      return source().has("or") ? result | with : result ^ with;
    }
  }

  /** {@code selp.b32 d, a, b, p}. */
  private static final class Select extends Operation {
    private final int to;
    private final int first;
    private final int second;
    private final int predicate;

    Select(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(List.of());
      this.to = operands.target(at.operand(0), at);
      this.first = operands.source(at.operand(1), at);
      this.second = operands.source(at.operand(2), at);
      this.predicate = operands.predicate(at.operand(3), at);
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.requirePredicate(predicate, lanes);
      int chosen = warp.predicates[predicate];
      warp.settle(first, lanes & chosen);
      warp.settle(second, lanes & ~chosen);
      long bits = source().type().bits() == 64 ? -1 : (1L << source().type().bits()) - 1;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int from = (chosen >>> lane & 1) != 0 ? first : second;
        warp.registers[(to << 5) + lane] = warp.registers[(from << 5) + lane] & bits;
      }
      warp.define(to, lanes);
    }
  }
}

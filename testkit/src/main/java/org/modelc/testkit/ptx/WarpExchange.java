package org.modelc.testkit.ptx;

import java.util.List;

/** Where lanes meet to exchange values. Source: PTX ISA, "shfl.sync", "vote.sync", "redux.sync". */
final class WarpExchange {
  private WarpExchange() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    return switch (at.name()) {
      case "shfl" -> new Shuffle(at, operands);
      case "vote" -> new Vote(at, operands);
      case "redux" -> new Reduction(at, operands);
      default -> new ActiveMask(at, operands);
    };
  }

  /** An instruction that is executed when all lanes of a mask have come to it. */
  abstract static class Meeting extends Operation {
    /** The register of the mask, or -1 for all lanes. */
    private final int mask;

    Meeting(PtxInstruction at, Operands operands, int mask) {
      super(at, operands);
      this.mask = mask;
    }

    @Override
    final void step(Warp warp) {
      int lanes = guarded(warp);
      if (lanes == 0) {
        warp.count(0);
        warp.proceed();
        return;
      }
      int wanted = wanted(warp, lanes);
      if (!warp.meet(wanted, "lanes wait in vain")) {
        return;
      }
      int together = guarded(warp);
      int all = wanted(warp, together);
      if ((all & ~together) != 0) {
        throw warp.failure(together, "names lanes in its mask that do not execute it");
      }
      warp.count(together);
      run(warp, together);
      warp.proceed();
    }

    /** The lanes of all masks. */
    private int wanted(Warp warp, int lanes) {
      if (mask < 0) {
        return -1;
      }
      warp.settle(mask, lanes);
      int wanted = 0;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int own = (int) warp.registers[mask * Warp.LANES + lane];
        if ((own >>> lane & 1) == 0) {
          throw warp.failure(1 << lane, String.format("its mask %08x leaves it out", own));
        }
        wanted |= own;
      }
      return wanted & warp.existing();
    }
  }

  /** {@code shfl.sync.bfly.b32 d|p, a, b, c, mask}. */
  private static final class Shuffle extends Meeting {
    private final int to;
    private final int within;
    private final int value;
    private final int argument;
    private final int clamp;
    private final String kind;
    private final long[] results = new long[Warp.LANES];

    Shuffle(PtxInstruction at, Operands operands) {
      super(at, operands, operands.source(at.operand(4), at));
      at.allow(List.of("sync", "up", "down", "bfly", "idx"));
      boolean pair = at.operand(0) instanceof PtxOperand.Pair;
      this.to =
          operands.target(pair ? ((PtxOperand.Pair) at.operand(0)).first() : at.operand(0), at);
      this.within = pair ? operands.predicate(((PtxOperand.Pair) at.operand(0)).second(), at) : -1;
      this.value = operands.source(at.operand(1), at);
      this.argument = operands.source(at.operand(2), at);
      this.clamp = operands.source(at.operand(3), at);
      this.kind = at.opcode().get(2);
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(value, lanes);
      warp.settle(argument, lanes);
      warp.settle(clamp, lanes);
      long[] registers = warp.registers;
      int inside = 0;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int by = (int) registers[(argument << 5) + lane] & 31;
        int bounds = (int) registers[(clamp << 5) + lane];
        int from = from(lane, by, bounds);
        inside |= from >= 0 ? 1 << lane : 0;
        int other = from >= 0 ? from : lane;
        if ((lanes >>> other & 1) == 0) {
          throw warp.failure(1 << lane, "reads from lane " + other + ", which does not take part");
        }
        results[lane] = registers[(value << 5) + other] & 0xffffffffL;
      }
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        registers[(to << 5) + lane] = results[lane];
      }
      warp.define(to, lanes);
      if (within >= 0) {
        warp.writePredicate(within, lanes, inside);
      }
    }

    /** The lane to read, or -1 beyond the segment that the bounds give. */
    private int from(int lane, int by, int bounds) {
      int segment = bounds >> 8 & 31;
      int last = lane & segment | bounds & 31 & ~segment;
      int first = lane & segment;
      int source =
          switch (kind) {
            case "up" -> lane - by;
            case "down" -> lane + by;
            case "bfly" -> lane ^ by;
            default -> first | by & ~segment;
          };
      boolean inside = kind.equals("up") ? source >= last : source <= last;
      return inside ? source : -1;
    }
  }

  /** {@code vote.sync.ballot.b32 d, p, mask} and those whose result is a predicate. */
  private static final class Vote extends Meeting {
    private final boolean ballot;
    private final int to;
    private final int predicate;
    private final boolean negated;

    Vote(PtxInstruction at, Operands operands) {
      super(at, operands, operands.source(at.operand(2), at));
      at.allow(List.of("sync", "all", "any", "uni", "ballot"));
      this.ballot = at.has("ballot");
      this.to = ballot ? operands.target(at.operand(0), at) : operands.predicate(at.operand(0), at);
      this.negated = at.operand(1) instanceof PtxOperand.Not;
      PtxOperand voted = negated ? ((PtxOperand.Not) at.operand(1)).operand() : at.operand(1);
      this.predicate = operands.predicate(voted, at);
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.requirePredicate(predicate, lanes);
      int votes = lanes & (negated ? ~warp.predicates[predicate] : warp.predicates[predicate]);
      if (ballot) {
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
          int lane = Integer.numberOfTrailingZeros(rest);
          warp.registers[to * Warp.LANES + lane] = votes & 0xffffffffL;
        }
        warp.define(to, lanes);
        return;
      }
      boolean all = votes == lanes;
      boolean result =
          source().has("all") ? all : source().has("any") ? votes != 0 : all || votes == 0;
      warp.writePredicate(to, lanes, result ? -1 : 0);
    }
  }

  /** {@code redux.sync.add.s32 d, a, mask}. */
  private static final class Reduction extends Meeting {
    private final int to;
    private final int from;

    Reduction(PtxInstruction at, Operands operands) {
      super(at, operands, operands.source(at.operand(2), at));
      at.allow(List.of("sync", "add", "min", "max", "and", "or", "xor"));
      this.to = operands.target(at.operand(0), at);
      this.from = operands.source(at.operand(1), at);
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(from, lanes);
      PtxType type = source().type();
      int first = Integer.numberOfTrailingZeros(lanes);
      long result = type.value(warp.registers[from * Warp.LANES + first]);
      for (int rest = lanes & lanes - 1; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        result = joined(result, type.value(warp.registers[from * Warp.LANES + lane]));
      }
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        warp.registers[to * Warp.LANES + lane] = type.bits(result);
      }
      warp.define(to, lanes);
    }

    private long joined(long a, long b) {
      return switch (source().opcode().get(2)) {
        case "add" -> a + b;
        case "min" -> Math.min(a, b);
        case "max" -> Math.max(a, b);
        case "and" -> a & b;
        case "or" -> a | b;
        default -> a ^ b;
      };
    }
  }

  private static final class ActiveMask extends Operation {
    private final int to;

    ActiveMask(PtxInstruction at, Operands operands) {
      super(at, operands);
      this.to = operands.target(at.operand(0), at);
    }

    @Override
    void run(Warp warp, int lanes) {
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        warp.registers[to * Warp.LANES + lane] = lanes & 0xffffffffL;
      }
      warp.define(to, lanes);
    }
  }
}

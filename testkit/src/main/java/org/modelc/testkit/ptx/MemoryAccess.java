package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.List;

/** ld, st, atom, red. Source: PTX ISA, "Data Movement", "Parallel Synchronization". */
final class MemoryAccess {
  private static final List<String> WORDS =
      List.of(
          "global",
          "shared",
          "shared::cta",
          "local",
          "param",
          "const",
          "nc",
          "ca",
          "cg",
          "cs",
          "lu",
          "cv",
          "wb",
          "wt",
          "volatile",
          "relaxed",
          "acquire",
          "release",
          "acq_rel",
          "weak",
          "gpu",
          "cta",
          "sys",
          "v2",
          "v4",
          "add",
          "min",
          "max",
          "and",
          "or",
          "xor",
          "exch",
          "cas",
          "inc",
          "dec");

  private MemoryAccess() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    List<String> words = new ArrayList<>(WORDS);
    at.opcode().stream()
        .filter(word -> word.startsWith("L1::") || word.startsWith("L2::"))
        .forEach(words::add);
    at.allow(words);
    return switch (at.name()) {
      case "ld" -> new Load(at, operands);
      case "st" -> new Store(at, operands);
      default -> new Atomic(at, operands);
    };
  }

  /** What the kinds of access share: where to, and what it costs. */
  abstract static class Access extends Operation {
    final Memory.Space space;
    private final int base;
    private final long offset;
    private final long[] touched = new long[Warp.LANES];

    Access(PtxInstruction at, Operands operands, PtxOperand place) {
      super(at, operands);
      if (!(place instanceof PtxOperand.Address address)) {
        throw at.unknown("wants an address");
      }
      this.base = operands.source(address.base(), at);
      this.offset = address.offset();
      this.space = space(at);
    }

    private static Memory.Space space(PtxInstruction at) {
      if (at.has("global") || at.has("const")) {
        return Memory.Space.GLOBAL;
      }
      if (at.has("shared") || at.has("shared::cta")) {
        return Memory.Space.SHARED;
      }
      if (at.has("local")) {
        return Memory.Space.LOCAL;
      }
      return at.has("param") ? Memory.Space.PARAM : Memory.Space.GENERIC;
    }

    final long address(Warp warp, int lane) {
      return warp.registers[(base << 5) + lane] + offset;
    }

    final void requireBase(Warp warp, int lanes) {
      warp.settle(base, lanes);
    }

    /** Counts a request of these lanes. */
    final void count(Warp warp, int lanes, int bytes) {
      int count = 0;
      long last = 0;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        last = address(warp, Integer.numberOfTrailingZeros(rest));
        touched[count++] = last;
      }
      Memory.Space where = Memory.space(space, last);
      if (where == Memory.Space.GLOBAL) {
        warp.block.counts().countGlobal(touched, count, bytes);
      } else if (where == Memory.Space.SHARED) {
        warp.block.counts().countShared(touched, count, bytes);
      }
    }
  }

  private static int[] elements(PtxInstruction at, Operands operands, int index, boolean written) {
    PtxOperand operand = at.operand(index);
    List<PtxOperand> all =
        operand instanceof PtxOperand.Vector vector ? vector.elements() : List.of(operand);
    int wanted = at.has("v2") ? 2 : at.has("v4") ? 4 : 1;
    if (all.size() != wanted) {
      throw at.unknown("wants " + wanted + " elements");
    }
    return all.stream()
        .mapToInt(each -> written ? operands.target(each, at) : operands.source(each, at))
        .toArray();
  }

  private static final class Load extends Access {
    private final int[] to;
    private final PtxType type;
    private final PtxType[] extended;

    Load(PtxInstruction at, Operands operands) {
      super(at, operands, at.operand(1));
      this.to = elements(at, operands, 0, true);
      this.type = at.type();
      this.extended = new PtxType[to.length];
      for (int i = 0; i < to.length; i++) {
        int width = Math.max(type.bits(), operands.width(to[i]));
        extended[i] = new PtxType(PtxType.Kind.BITS, width);
      }
    }

    @Override
    void run(Warp warp, int lanes) {
      requireBase(warp, lanes);
      int bytes = type.bytes();
      int all = bytes * to.length;
      long stamp = warp.stamp();
      Memory memory = warp.block.memory();
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        long address = address(warp, lane);
        Memory.Space where = Memory.space(space, address);
        Region region = memory.region(warp, lane, where, address);
        long offset = Memory.offset(where, address);
        region.read(warp, lane, offset, all, stamp + lane);
        for (int i = 0; i < to.length; i++) {
          long value = type.value(region.value((int) offset + i * bytes, bytes));
          warp.registers[(to[i] << 5) + lane] = extended[i].bits(value);
        }
      }
      count(warp, lanes, all);
      for (int register : to) {
        warp.define(register, lanes);
      }
    }
  }

  private static final class Store extends Access {
    private final int[] from;
    private final int bytes;

    Store(PtxInstruction at, Operands operands) {
      super(at, operands, at.operand(0));
      this.from = elements(at, operands, 1, false);
      this.bytes = at.type().bytes();
    }

    @Override
    void run(Warp warp, int lanes) {
      requireBase(warp, lanes);
      for (int register : from) {
        warp.settle(register, lanes);
      }
      long stamp = warp.stamp();
      Memory memory = warp.block.memory();
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        long address = address(warp, lane);
        Memory.Space where = Memory.space(space, address);
        Region region = memory.region(warp, lane, where, address);
        long offset = Memory.offset(where, address);
        if ((offset & (long) bytes * from.length - 1) != 0) {
          throw warp.failure(
              1 << lane, "misaligned: writes " + bytes * from.length + " bytes at byte " + offset);
        }
        for (int i = 0; i < from.length; i++) {
          long value = warp.registers[(from[i] << 5) + lane];
          region.write(warp, lane, offset + (long) i * bytes, bytes, value, stamp + lane);
        }
      }
      count(warp, lanes, bytes * from.length);
    }
  }

  /** Lanes one after the other; integers only, since floating-point ones depend on the order. */
  private static final class Atomic extends Access {
    private final int to;
    private final int[] from;
    private final PtxType type;

    Atomic(PtxInstruction at, Operands operands) {
      super(at, operands, at.operand(at.name().equals("atom") ? 1 : 0));
      boolean returns = at.name().equals("atom");
      this.type = at.type();
      if (type.isFloat()) {
        throw at.unknown("is not deterministic");
      }
      this.to = returns ? operands.target(at.operand(0), at) : -1;
      this.from = new int[at.operands().size() - (returns ? 2 : 1)];
      for (int i = 0; i < from.length; i++) {
        from[i] = operands.source(at.operand(i + (returns ? 2 : 1)), at);
      }
    }

    @Override
    void run(Warp warp, int lanes) {
      requireBase(warp, lanes);
      for (int register : from) {
        warp.settle(register, lanes);
      }
      int bytes = type.bytes();
      long stamp = AccessHistory.atomic(warp.stamp());
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        long address = address(warp, lane);
        Memory.Space where = Memory.space(space, address);
        Region region = warp.block.memory().region(warp, lane, where, address);
        long offset = Memory.offset(where, address);
        region.read(warp, lane, offset, bytes, stamp + lane);
        long old = region.value((int) offset, bytes);
        long first = type.value(warp.registers[(from[0] << 5) + lane]);
        long second = type.value(warp.registers[(from[from.length - 1] << 5) + lane]);
        long value = type.bits(changed(type.value(old), first, second));
        region.write(warp, lane, offset, bytes, value, stamp + lane);
        if (to >= 0) {
          warp.registers[(to << 5) + lane] = old;
          warp.define(to, 1 << lane);
        }
      }
      count(warp, lanes, bytes);
    }

    private long changed(long old, long first, long second) {
      String does =
          source().opcode().stream()
              .filter(WORDS.subList(WORDS.indexOf("add"), WORDS.size())::contains)
              .findFirst()
              .orElseThrow(() -> source().unknown("names no operation"));
      boolean less = type.isSigned() ? old < first : Long.compareUnsigned(old, first) < 0;
      return switch (does) {
        case "add" -> old + first;
        case "min" -> less ? old : first;
        case "max" -> less ? first : old;
        case "and" -> old & first;
        case "or" -> old | first;
        case "xor" -> old ^ first;
        case "exch" -> first;
        case "cas" -> old == first ? second : old;
        case "inc" -> less ? old + 1 : 0;
        default -> old == 0 || Long.compareUnsigned(old, first) > 0 ? first : old - 1;
      };
    }
  }
}

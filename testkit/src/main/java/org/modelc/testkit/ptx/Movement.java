package org.modelc.testkit.ptx;

import java.util.List;
import java.util.function.LongUnaryOperator;

/** mov, cvta. Source: PTX ISA, "Data Movement and Conversion Instructions". */
final class Movement {
  private Movement() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    if (at.name().equals("cvta")) {
      return addresses(at, operands);
    }
    at.allow(List.of());
    if (at.operand(0) instanceof PtxOperand.Vector || at.operand(1) instanceof PtxOperand.Vector) {
      return new Packing(at, operands);
    }
    if (at.type().kind() == PtxType.Kind.PREDICATE) {
      return new MovedPredicate(at, operands);
    }
    PtxType type = new PtxType(PtxType.Kind.BITS, at.type().bits());
    return LaneOperations.unary(at, operands, type::bits);
  }

  /** Between a space's addresses and generic ones; global's are the same. */
  private static Operation addresses(PtxInstruction at, Operands operands) {
    at.allow(List.of("to", "global", "shared", "shared::cta", "local", "const", "param"));
    long window = 0;
    if (at.has("shared") || at.has("shared::cta")) {
      window = Memory.SHARED_WINDOW;
    } else if (at.has("local")) {
      window = Memory.LOCAL_WINDOW;
    }
    long by = at.has("to") ? -window : window;
    LongUnaryOperator function = at.type().bits() == 64 ? a -> a + by : a -> a + by & 0xffffffffL;
    return LaneOperations.unary(at, operands, function);
  }

  /** {@code mov.b64 {a, b}, c} and {@code mov.b64 c, {a, b}}: the first element is the lowest. */
  private static final class Packing extends Operation {
    private final int[] elements;
    private final int whole;
    private final boolean unpacks;
    private final int bits;

    Packing(PtxInstruction at, Operands operands) {
      super(at, operands);
      this.unpacks = at.operand(0) instanceof PtxOperand.Vector;
      PtxOperand.Vector vector = (PtxOperand.Vector) at.operand(unpacks ? 0 : 1);
      this.elements = new int[vector.elements().size()];
      for (int i = 0; i < elements.length; i++) {
        PtxOperand element = vector.elements().get(i);
        elements[i] = unpacks ? operands.target(element, at) : operands.source(element, at);
      }
      this.whole =
          unpacks ? operands.source(at.operand(1), at) : operands.target(at.operand(0), at);
      this.bits = at.type().bits() / elements.length;
    }

    @Override
    void run(Warp warp, int lanes) {
      if (unpacks) {
        warp.settle(whole, lanes);
      }
      for (int register : elements) {
        if (!unpacks) {
          warp.settle(register, lanes);
        }
      }
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        move(warp.registers, Integer.numberOfTrailingZeros(rest));
      }
      for (int register : elements) {
        warp.define(register, unpacks ? lanes : 0);
      }
      warp.define(whole, unpacks ? 0 : lanes);
    }

    private void move(long[] registers, int lane) {
      long mask = (1L << bits) - 1;
      long value = unpacks ? registers[whole * Warp.LANES + lane] : 0;
      for (int i = 0; i < elements.length; i++) {
        int element = elements[i] * Warp.LANES + lane;
        if (unpacks) {
          registers[element] = value >>> bits * i & mask;
        } else {
          value |= (registers[element] & mask) << bits * i;
        }
      }
      if (!unpacks) {
        registers[whole * Warp.LANES + lane] = value;
      }
    }
  }

  private static final class MovedPredicate extends Operation {
    private final int to;
    private final int from;
    private final int constant;

    MovedPredicate(PtxInstruction at, Operands operands) {
      super(at, operands);
      this.to = operands.predicate(at.operand(0), at);
      boolean isConstant = at.operand(1) instanceof PtxOperand.Constant;
      this.constant = isConstant && ((PtxOperand.Constant) at.operand(1)).bits() != 0 ? -1 : 0;
      this.from = isConstant ? -1 : operands.predicate(at.operand(1), at);
    }

    @Override
    void run(Warp warp, int lanes) {
      if (from >= 0) {
        warp.requirePredicate(from, lanes);
      }
      warp.writePredicate(to, lanes, from >= 0 ? warp.predicates[from] : constant);
    }
  }
}

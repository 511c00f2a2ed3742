package org.modelc.testkit.ptx;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Operations that each lane does for itself, from registers to a register. */
final class LaneOperations {
  private LaneOperations() {}

  /** A function of three values. */
  interface LongTernaryOperator {
    long apply(long first, long second, long third);
  }

  static Operation unary(PtxInstruction at, Operands operands, LongUnaryOperator function) {
    return new Unary(at, operands, function);
  }

  static Operation binary(PtxInstruction at, Operands operands, LongBinaryOperator function) {
    return new Binary(at, operands, function);
  }

  static Operation ternary(PtxInstruction at, Operands operands, LongTernaryOperator function) {
    return new Ternary(at, operands, function);
  }

  private static final class Unary extends Operation {
    private final int to;
    private final int from;
    private final LongUnaryOperator function;

    Unary(PtxInstruction at, Operands operands, LongUnaryOperator function) {
      super(at, operands);
      this.to = operands.target(at.operand(0), at);
      this.from = operands.source(at.operand(1), at);
      this.function = function;
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(from, lanes);
      long[] registers = warp.registers;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        registers[(to << 5) + lane] = function.applyAsLong(registers[(from << 5) + lane]);
      }
      warp.define(to, lanes);
    }
  }

  private static final class Binary extends Operation {
    private final int to;
    private final int first;
    private final int second;
    private final LongBinaryOperator function;

    Binary(PtxInstruction at, Operands operands, LongBinaryOperator function) {
      super(at, operands);
      this.to = operands.target(at.operand(0), at);
      this.first = operands.source(at.operand(1), at);
      this.second = operands.source(at.operand(2), at);
      this.function = function;
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(first, lanes);
      warp.settle(second, lanes);
      long[] registers = warp.registers;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        registers[(to << 5) + lane] =
            function.applyAsLong(registers[(first << 5) + lane], registers[(second << 5) + lane]);
      }
      warp.define(to, lanes);
    }
  }

  private static final class Ternary extends Operation {
    private final int to;
    private final int first;
    private final int second;
    private final int third;
    private final LongTernaryOperator function;

    Ternary(PtxInstruction at, Operands operands, LongTernaryOperator function) {
      super(at, operands);
      this.to = operands.target(at.operand(0), at);
      this.first = operands.source(at.operand(1), at);
      this.second = operands.source(at.operand(2), at);
      this.third = operands.source(at.operand(3), at);
      this.function = function;
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(first, lanes);
      warp.settle(second, lanes);
      warp.settle(third, lanes);
      long[] registers = warp.registers;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        registers[(to << 5) + lane] =
            function.apply(
                registers[(first << 5) + lane],
                registers[(second << 5) + lane],
                registers[(third << 5) + lane]);
      }
      warp.define(to, lanes);
    }
  }
}

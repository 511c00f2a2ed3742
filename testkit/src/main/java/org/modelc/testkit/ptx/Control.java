package org.modelc.testkit.ptx;

import java.util.List;

/** Branches, ends and barriers of blocks. Source: PTX ISA, "Control Flow", "bar, barrier". */
final class Control {
  private Control() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    return switch (at.name()) {
      case "bra" -> new Branch(at, operands);
      case "ret", "exit" -> new End(at, operands);
      case "trap" -> new Trap(at, operands);
      case "bar", "barrier" ->
          at.has("warp") ? new WarpBarrier(at, operands) : new Barrier(at, operands);
      default -> new Nothing(at, operands);
    };
  }

  private static final class Branch extends Operation {
    private final int target;

    Branch(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(List.of("uni"));
      if (!(at.operand(0) instanceof PtxOperand.Symbol label)) {
        throw at.unknown("wants a label");
      }
      this.target = (int) operands.symbol(label.name(), at);
    }

    @Override
    void step(Warp warp) {
      int lanes = guarded(warp);
      warp.count(warp.running());
      if (source().has("uni") && lanes != 0 && lanes != warp.running()) {
        throw warp.failure(lanes, "divergent branch where the text says that there is none");
      }
      warp.branch(lanes, target);
    }

    @Override
    void run(Warp warp, int lanes) {
      throw new IllegalStateException("a branch steps");
    }
  }

  private static final class End extends Operation {
    End(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(List.of("uni"));
    }

    @Override
    void step(Warp warp) {
      int lanes = guarded(warp);
      warp.count(lanes);
      if (lanes == 0) {
        warp.proceed();
      } else {
        warp.end(lanes);
      }
    }

    @Override
    void run(Warp warp, int lanes) {
      throw new IllegalStateException("an end steps");
    }
  }

  private static final class Trap extends Operation {
    Trap(PtxInstruction at, Operands operands) {
      super(at, operands);
    }

    @Override
    void run(Warp warp, int lanes) {
      throw warp.failure(lanes, "the kernel trapped");
    }
  }

  /** Fences order what a race checker wants barriers for anyway. */
  private static final class Nothing extends Operation {
    Nothing(PtxInstruction at, Operands operands) {
      super(at, operands);
    }

    @Override
    void run(Warp warp, int lanes) {
      // Memory is in order here.
    }
  }

  /** All lanes of a warp that live come to one barrier, and then all warps of the block. */
  private static final class Barrier extends Operation {
    private final int id;
    private final int threads;

    Barrier(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(List.of("sync", "aligned", "cta"));
      if (!at.has("sync")) {
        throw at.unknown("is known as .sync only");
      }
      this.id = operands.source(at.operand(0), at);
      this.threads = at.operands().size() > 1 ? operands.source(at.operand(1), at) : -1;
    }

    @Override
    void step(Warp warp) {
      int lanes = guarded(warp);
      if (lanes == 0) {
        warp.count(0);
        warp.proceed();
      } else if (lanes != warp.running()) {
        throw warp.failure(lanes, "divergent barrier: only lanes with a true predicate wait");
      } else if (warp.meet(warp.live(), "divergent barrier")) {
        warp.count(warp.running());
        run(warp, warp.running());
      }
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(id, lanes);
      int lane = Integer.numberOfTrailingZeros(lanes);
      int number = (int) warp.registers[id * Warp.LANES + lane];
      int wanted = threads < 0 ? 0 : (int) warp.registers[threads * Warp.LANES + lane];
      warp.waitAt(number, wanted);
    }
  }

  /** bar.warp.sync: lanes meet, and what they wrote before can be read after. */
  private static final class WarpBarrier extends WarpExchange.Meeting {
    WarpBarrier(PtxInstruction at, Operands operands) {
      super(at, operands, operands.source(at.operand(0), at));
      at.allow(List.of("warp", "sync"));
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.synchronizations++;
    }
  }
}

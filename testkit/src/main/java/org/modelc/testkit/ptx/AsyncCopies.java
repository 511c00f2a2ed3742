package org.modelc.testkit.ptx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * cp.async of a block's threads: a copy may write from when it begins, and what it brings is there
 * when its thread has waited for its group. Source: PTX ISA, "cp.async", "cp.async.wait_group".
 */
final class AsyncCopies {
  /** One copy under way. */
  private record Copy(int to, Region from, int at, int bytes, int size) {}

  /** What a thread has begun: the group that is open, and those that are closed. */
  private static final class Queue {
    private final Deque<List<Copy>> closed = new ArrayDeque<>();
    private List<Copy> open = new ArrayList<>();

    void clear() {
      closed.clear();
      open.clear();
    }
  }

  private final Queue[] queues;

  AsyncCopies(int threads) {
    this.queues = new Queue[threads];
    for (int i = 0; i < threads; i++) {
      queues[i] = new Queue();
    }
  }

  void clear() {
    for (Queue queue : queues) {
      queue.clear();
    }
  }

  static Operation decode(PtxInstruction at, Operands operands) {
    if (at.has("commit_group")) {
      return new Commit(at, operands);
    }
    return at.has("wait_group") || at.has("wait_all")
        ? new Wait(at, operands)
        : new Begin(at, operands);
  }

  private void finish(Warp warp, int lane, int allowed) {
    Queue queue = queues[warp.number * Warp.LANES + lane];
    long stamp = warp.stamp() + lane;
    while (queue.closed.size() > allowed) {
      for (Copy copy : queue.closed.remove()) {
        warp.block.shared().endCopy(copy.to, copy.size, copy.from, copy.at, copy.bytes, stamp);
      }
    }
  }

  /** {@code cp.async.cg.shared.global [to], [from], size, bytes}: the rest is zero. */
  private static final class Begin extends Operation {
    private final int to;
    private final long toOffset;
    private final int from;
    private final long fromOffset;
    private final int size;
    private final int bytes;

    Begin(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(
          List.of(
              "async",
              "ca",
              "cg",
              "shared",
              "shared::cta",
              "global",
              "L2::64B",
              "L2::128B",
              "L2::256B"));
      PtxOperand.Address target = (PtxOperand.Address) at.operand(0);
      PtxOperand.Address source = (PtxOperand.Address) at.operand(1);
      this.to = operands.source(target.base(), at);
      this.toOffset = target.offset();
      this.from = operands.source(source.base(), at);
      this.fromOffset = source.offset();
      if (!(at.operand(2) instanceof PtxOperand.Constant constant)) {
        throw at.unknown("wants a constant size");
      }
      this.size = (int) constant.bits();
      boolean known = at.has("cg") ? size == 16 : size == 4 || size == 8 || size == 16;
      if (!known) {
        throw at.unknown("cannot copy " + size + " bytes");
      }
      this.bytes = at.operands().size() > 3 ? operands.source(at.operand(3), at) : -1;
    }

    @Override
    void run(Warp warp, int lanes) {
      warp.settle(to, lanes);
      warp.settle(from, lanes);
      if (bytes >= 0) {
        warp.settle(bytes, lanes);
      }
      long stamp = warp.stamp();
      long[] sources = new long[Warp.LANES];
      int count = 0;
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        int part = bytes < 0 ? size : (int) warp.registers[bytes * Warp.LANES + lane];
        long address = warp.registers[from * Warp.LANES + lane] + fromOffset;
        begin(warp, lane, part, address, stamp + lane);
        if (part > 0) {
          sources[count++] = address;
        }
      }
      if (count > 0) {
        warp.block.counts().countGlobal(sources, count, size);
      }
    }

    private void begin(Warp warp, int lane, int part, long address, long stamp) {
      if (part < 0 || part > size) {
        throw warp.failure(1 << lane, "copies " + part + " of " + size + " bytes");
      }
      Region source = null;
      long offset = Memory.offset(Memory.Space.GLOBAL, address);
      if (part > 0) {
        source = warp.block.memory().region(warp, lane, Memory.Space.GLOBAL, address);
        if (offset % size != 0) {
          throw warp.failure(1 << lane, "misaligned: copies " + size + " bytes from " + offset);
        }
        int unit = Integer.bitCount(part) == 1 ? part : 1;
        for (long i = 0; i < part; i += unit) {
          source.read(warp, lane, offset + i, unit, stamp);
        }
      }
      long target = warp.registers[to * Warp.LANES + lane] + toOffset;
      long place = Memory.offset(Memory.Space.SHARED, target);
      warp.block.shared().beginCopy(warp, lane, place, size, stamp);
      Copy copy =
          source == null
              ? new Copy((int) place, warp.block.shared(), 0, 0, size)
              : new Copy((int) place, source, (int) offset, part, size);
      warp.block.copies().queues[warp.number * Warp.LANES + lane].open.add(copy);
    }
  }

  private static final class Commit extends Operation {
    Commit(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(List.of("async", "commit_group"));
    }

    @Override
    void run(Warp warp, int lanes) {
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        Queue queue = warp.block.copies().queues[warp.number * Warp.LANES + lane];
        queue.closed.add(queue.open);
        queue.open = new ArrayList<>();
      }
    }
  }

  /** Waits until at most so many of the latest groups are under way. */
  private static final class Wait extends Operation {
    private final int allowed;

    Wait(PtxInstruction at, Operands operands) {
      super(at, operands);
      at.allow(List.of("async", "wait_group", "wait_all"));
      if (at.has("wait_all")) {
        this.allowed = -1;
      } else if (at.operand(0) instanceof PtxOperand.Constant constant) {
        this.allowed = (int) constant.bits();
      } else {
        throw at.unknown("wants a constant");
      }
    }

    @Override
    void run(Warp warp, int lanes) {
      AsyncCopies copies = warp.block.copies();
      for (int rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Integer.numberOfTrailingZeros(rest);
        if (allowed < 0) {
          Queue queue = copies.queues[warp.number * Warp.LANES + lane];
          queue.closed.add(queue.open);
          queue.open = new ArrayList<>();
        }
        copies.finish(warp, lane, Math.max(allowed, 0));
      }
    }
  }
}

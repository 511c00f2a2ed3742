package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/** A block of threads: its warps, its memory, its barriers. One object runs all of a launch. */
final class Block {
  /** How many instructions a warp runs before another has its turn, at most. */
  private static final int TURN = 1 << 20;

  private final Kernel kernel;
  private final Launch launch;
  private final Memory memory;
  private final Region parameters;
  private final Region shared;
  private final Region[] locals;
  private final PtxCounts counts;
  private final List<Warp> warps = new ArrayList<>();
  private final AsyncCopies copies;
  private final long noise;
  private Extent index = Extent.of(0);
  private long number;
  private int barriers;

  /**
   * @param noise from which registers that nothing has written have their values
   */
  Block(
      Kernel kernel,
      Launch launch,
      Memory memory,
      Region parameters,
      PtxCounts counts,
      long noise) {
    this.noise = noise;
    this.kernel = kernel;
    this.launch = launch;
    this.memory = memory;
    this.parameters = parameters;
    this.counts = counts;
    int threads = (int) launch.block().count();
    this.shared =
        Region.empty("shared memory", kernel.sharedBytes() + launch.dynamicSharedBytes(), true);
    this.locals = new Region[threads];
    for (int i = 0; i < threads; i++) {
      locals[i] = Region.empty("local memory", kernel.localBytes(), false);
    }
    for (int first = 0; first < threads; first += Warp.LANES) {
      warps.add(new Warp(this, warps.size(), kernel.operands()));
    }
    this.copies = new AsyncCopies(threads);
  }

  Extent grid() {
    return launch.grid();
  }

  Extent threads() {
    return launch.block();
  }

  Extent index() {
    return index;
  }

  long number() {
    return number;
  }

  long warps() {
    return warps.size();
  }

  long noise() {
    return noise;
  }

  int barriers() {
    return barriers;
  }

  PtxCounts counts() {
    return counts;
  }

  Memory memory() {
    return memory;
  }

  Region shared() {
    return shared;
  }

  Region parameters() {
    return parameters;
  }

  Region local(int thread) {
    return locals[thread];
  }

  AsyncCopies copies() {
    return copies;
  }

  PtxInstruction instruction(int place) {
    return kernel.code()[place].source();
  }

  /** Runs one block to its end. */
  void run(long which, Random order) {
    number = which;
    index = SpecialRegisters.index(launch.grid(), which);
    barriers = 0;
    prepare();
    List<Warp> turns = new ArrayList<>(warps);
    boolean inOrder = order == null;
    while (turns.stream().anyMatch(warp -> warp.live() != 0)) {
      if (!inOrder) {
        Collections.shuffle(turns, order);
      }
      boolean progressed = false;
      for (Warp warp : turns) {
        if (warp.live() != 0 && !warp.isAtBarrier()) {
          warp.run(kernel.code(), inOrder ? TURN : 1 + order.nextInt(200));
          progressed = true;
        }
      }
      if (!progressed) {
        open();
      }
    }
  }

  private void prepare() {
    shared.clear();
    kernel.declareShared(shared, launch.dynamicSharedBytes());
    copies.clear();
    for (Region local : locals) {
      local.declare(0, local.size());
    }
    int threads = (int) launch.block().count();
    for (Warp warp : warps) {
      warp.start(kernel.operands(), Math.min(Warp.LANES, threads - warp.number * Warp.LANES));
    }
  }

  /** All warps that live wait: opens the first barrier for which enough have come. */
  private void open() {
    List<Warp> waiting = warps.stream().filter(warp -> warp.live() != 0).toList();
    Warp first = waiting.get(0);
    List<Warp> same = waiting.stream().filter(warp -> warp.barrier() == first.barrier()).toList();
    for (Warp warp : same) {
      if (first.barrierThreads() == 0 && warp.place() != first.place()) {
        throw failure(
            warp,
            Integer.numberOfTrailingZeros(warp.live()),
            "divergent barrier: it waits here, thread "
                + first.number * Warp.LANES
                + " at line "
                + instruction(first.place()).line());
      }
    }
    int threads = same.stream().mapToInt(warp -> Integer.bitCount(warp.live())).sum();
    boolean enough =
        first.barrierThreads() == 0
            ? same.size() == waiting.size()
            : threads >= first.barrierThreads();
    if (!enough) {
      throw failure(
          first,
          Integer.numberOfTrailingZeros(first.live()),
          "waits in vain at barrier " + first.barrier() + " with " + threads + " threads");
    }
    barriers++;
    counts.countBarrier();
    same.forEach(Warp::passBarrier);
  }

  PtxFailure failure(Warp warp, int lane, String what) {
    PtxInstruction at = instruction(warp.place());
    Extent thread = SpecialRegisters.index(launch.block(), (long) warp.number * Warp.LANES + lane);
    return new PtxFailure(
        "kernel "
            + launch.kernel()
            + ", block "
            + index
            + ", thread "
            + thread
            + ", line "
            + at.line()
            + " ("
            + String.join(".", at.opcode())
            + "): "
            + what);
  }
}

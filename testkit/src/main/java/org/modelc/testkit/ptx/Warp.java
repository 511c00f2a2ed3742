package org.modelc.testkit.ptx;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * 32 lanes in step. Lanes that part at a branch become groups; of those that can go on, the one
 * whose next instruction comes first in the text runs, so that groups meet again where their ways
 * join. A group that comes to an instruction where lanes must meet waits for the others there.
 */
final class Warp {
  static final int LANES = 32;

  final Block block;
  final int number;

  /** Values by register and lane: {@code [register * 32 + lane]}, unused bits zero. */
  final long[] registers;

  /** Predicates' values, a bit a lane. */
  final int[] predicates;

  /** How often its lanes met with memory ordered since the block's last barrier. */
  int synchronizations;

  private final int[] widths;
  private final int[] definedLanes;
  private final int[] definedPredicates;
  private final int[] groupLanes = new int[LANES];
  private final int[] groupPlaces = new int[LANES];
  private final boolean[] groupWaits = new boolean[LANES];
  private int groups;
  private int running;
  private int place;
  private int live;
  private int firstOther;
  private int existing;
  private boolean atBarrier;
  private int barrier;
  private int barrierThreads;

  Warp(Block block, int number, Operands operands) {
    this.block = block;
    this.number = number;
    this.registers = new long[operands.registerCount() * LANES];
    this.predicates = new int[operands.predicateCount()];
    this.widths = new int[operands.registerCount()];
    Arrays.setAll(widths, operands::width);
    this.definedLanes = new int[operands.registerCount()];
    this.definedPredicates = new int[operands.predicateCount()];
    operands.constants().forEach((value, register) -> fill(register, value));
  }

  private void fill(int register, long value) {
    Arrays.fill(registers, register * LANES, (register + 1) * LANES, value);
    definedLanes[register] = -1;
  }

  /** Before a block begins: all lanes at the first instruction, registers undefined. */
  void start(Operands operands, int lanes) {
    Arrays.fill(definedLanes, 0);
    Arrays.fill(definedPredicates, 0);
    operands.constants().values().forEach(register -> definedLanes[register] = -1);
    operands
        .specials()
        .forEach(
            (name, register) -> {
              definedLanes[register] = -1;
              for (int lane = 0; lane < LANES; lane++) {
                registers[register * LANES + lane] =
                    SpecialRegisters.value(name, block, number * LANES + lane);
              }
            });
    live = lanes == LANES ? -1 : (1 << lanes) - 1;
    existing = live;
    running = live;
    place = 0;
    groups = 0;
    firstOther = Integer.MAX_VALUE;
    atBarrier = false;
    synchronizations = 0;
  }

  int running() {
    return running;
  }

  int live() {
    return live;
  }

  int place() {
    return place;
  }

  boolean isAtBarrier() {
    return atBarrier;
  }

  /** The barrier that it waits at. */
  int barrier() {
    return barrier;
  }

  /** How many threads that barrier waits for; 0 for all. */
  int barrierThreads() {
    return barrierThreads;
  }

  /** Waits with the other warps of its block. */
  void waitAt(int number, int threads) {
    atBarrier = true;
    barrier = number;
    barrierThreads = threads;
  }

  /** The barrier has opened. */
  void passBarrier() {
    atBarrier = false;
    synchronizations = 0;
    proceed();
  }

  /** Lanes that the block's last warp has, even if they ended. */
  int existing() {
    return existing;
  }

  /** The time of an access by lane 0; lanes' own follow. */
  long stamp() {
    return AccessHistory.stamp(block.number(), block.barriers(), synchronizations)
        + (long) number * LANES;
  }

  void count(int lanes) {
    block.counts().countInstruction(lanes);
  }

  /** On to the next instruction, or to lanes that are behind. */
  void proceed() {
    place++;
    if (place >= firstOther) {
      choose();
    }
  }

  /** Runs until the warp ends or waits at a barrier, at most so many instructions. */
  void run(Operation[] code, int limit) {
    for (int i = 0; i < limit && live != 0 && !atBarrier; i++) {
      code[place].step(this);
    }
  }

  /** Some of the running lanes go elsewhere. */
  void branch(int lanes, int target) {
    int others = running & ~lanes;
    if (others == 0) {
      place = target;
    } else if (lanes != 0) {
      park(lanes, target, false);
      running = others;
      place++;
    } else {
      place++;
    }
    if (place >= firstOther) {
      choose();
    }
  }

  /** Some of the running lanes have ended; those that wait may have waited for them. */
  void end(int lanes) {
    live &= ~lanes;
    running &= ~lanes;
    Arrays.fill(groupWaits, false);
    place++;
    choose();
  }

  /**
   * Whether all these lanes have come to the instruction that runs; if not, those that have wait.
   */
  boolean meet(int wanted, String what) {
    for (int i = groups - 1; i >= 0; i--) {
      if (groupPlaces[i] == place) {
        running |= groupLanes[i];
        remove(i);
      }
    }
    if ((wanted & ~running) == 0) {
      firstOther = behind();
      return true;
    }
    park(running, place, true);
    running = 0;
    choose();
    if (running == 0) {
      throw stuck(what);
    }
    return false;
  }

  private PtxFailure stuck(String what) {
    StringBuilder text = new StringBuilder(what);
    for (int i = 0; i < groups; i++) {
      PtxInstruction at = block.instruction(groupPlaces[i]);
      text.append(i == 0 ? "" : "; ")
          .append(String.format("lanes %08x wait at line %d", groupLanes[i], at.line()))
          .append(" (")
          .append(String.join(".", at.opcode()))
          .append(')');
    }
    place = groupPlaces[0];
    return block.failure(this, Integer.numberOfTrailingZeros(groupLanes[0]), text.toString());
  }

  private void park(int lanes, int at, boolean waits) {
    for (int i = 0; i < groups; i++) {
      if (groupPlaces[i] == at && groupWaits[i] == waits) {
        groupLanes[i] |= lanes;
        return;
      }
    }
    groupLanes[groups] = lanes;
    groupPlaces[groups] = at;
    groupWaits[groups++] = waits;
    firstOther = waits ? firstOther : Math.min(firstOther, at);
  }

  private void remove(int index) {
    groups--;
    groupLanes[index] = groupLanes[groups];
    groupPlaces[index] = groupPlaces[groups];
    groupWaits[index] = groupWaits[groups];
  }

  private int behind() {
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < groups; i++) {
      first = groupWaits[i] ? first : Math.min(first, groupPlaces[i]);
    }
    return first;
  }

  /** The group that is furthest behind runs, joined with all at its place that do not wait. */
  private void choose() {
    if (running != 0) {
      int lanes = running;
      running = 0;
      park(lanes, place, false);
    }
    int first = behind();
    if (first == Integer.MAX_VALUE) {
      firstOther = first;
      return;
    }
    place = first;
    for (int i = groups - 1; i >= 0; i--) {
      if (groupPlaces[i] == first && !groupWaits[i]) {
        running |= groupLanes[i];
        remove(i);
      }
    }
    firstOther = behind();
  }

  /**
   * Before lanes read a register: where they have not written it, it holds what chance gives. The
   * CUDA compiler reads such registers itself, where bytes of them are without effect.
   */
  void settle(int register, int lanes) {
    int missing = lanes & ~definedLanes[register];
    if (missing == 0) {
      return;
    }
    long place = (block.number() * block.warps() + number) * widths.length + register;
    SplittableRandom chance = new SplittableRandom(block.noise() + place);
    long unused = -1L << (widths[register] - 1) << 1;
    for (int lane = 0; lane < LANES; lane++) {
      long value = chance.nextLong() & ~unused;
      if ((missing >>> lane & 1) != 0) {
        registers[register * LANES + lane] = value;
      }
    }
    define(register, missing);
  }

  void requirePredicate(int predicate, int lanes) {
    int missing = lanes & ~definedPredicates[predicate];
    if (missing != 0) {
      throw failure(missing, "reads a predicate that it has not written");
    }
  }

  void define(int register, int lanes) {
    definedLanes[register] |= lanes;
  }

  void writePredicate(int predicate, int lanes, int values) {
    predicates[predicate] = predicates[predicate] & ~lanes | values & lanes;
    definedPredicates[predicate] |= lanes;
  }

  /** What the first of these lanes did wrong at the instruction that runs. */
  PtxFailure failure(int lanes, String what) {
    return block.failure(this, Integer.numberOfTrailingZeros(lanes), what);
  }
}

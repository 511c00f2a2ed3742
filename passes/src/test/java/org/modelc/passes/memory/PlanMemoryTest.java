package org.modelc.passes.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.passes.Target;
import org.modelc.passes.memory.Lifetimes.Lifetime;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

class PlanMemoryTest {
  private static final int LARGE = 32;

  /** A kernel that writes one buffer from the first elements of others. */
  private static Kernel kernel(Buffer target, List<Buffer> sources) {
    Axis axis = new Axis("i", target.shape().get(0));
    Expr value = new Expr.Const(DType.F32, 0);
    for (Buffer source : sources) {
      value = value.plus(new Expr.Load(source, List.of(Expr.integer(0))));
    }
    LoopNest.Store store = new LoopNest.Store(target, List.of(axis.variable()), value);
    return new LoopNest(
        target.name(), List.of(axis), List.of(), List.of(), List.of(store), List.of());
  }

  private static KernelProgram program(List<Buffer> temporaries, List<Kernel> kernels) {
    return new KernelProgram(
        "test", List.of(), List.of(), List.of(), temporaries, Map.of(), Map.of(), kernels, null);
  }

  private static Buffer buffer(String name, long size) {
    return new Buffer(name, DType.F32, List.of(Dim.constant(size)));
  }

  /** Each of up to eight buffers reads some of the ones before it. */
  private static KernelProgram random(long seed) {
    Random random = new Random(seed);
    List<Buffer> buffers = new ArrayList<>();
    List<Kernel> kernels = new ArrayList<>();
    for (int i = 0; i < 4 + random.nextInt(5); i++) {
      List<Buffer> sources = new ArrayList<>();
      for (Buffer earlier : buffers) {
        if (random.nextInt(3) == 0) {
          sources.add(earlier);
        }
      }
      Buffer target = buffer("t" + i, LARGE * (1L + random.nextInt(6)));
      kernels.add(kernel(target, sources));
      buffers.add(target);
    }
    return program(buffers, kernels);
  }

  /** The fewest elements by trying every way to put buffers into slots. */
  private static long fewest(
      KernelProgram program, List<Lifetime> left, List<List<Lifetime>> slots) {
    if (left.isEmpty()) {
      return size(slots);
    }
    long best = Long.MAX_VALUE;
    Lifetime next = left.get(0);
    List<Lifetime> rest = left.subList(1, left.size());
    for (int i = 0; i < slots.size(); i++) {
      List<Lifetime> slot = slots.get(i);
      if (slot.stream().allMatch(other -> PlanMemory.canShare(program, other, next))) {
        slot.add(next);
        best = Math.min(best, fewest(program, rest, slots));
        slot.remove(next);
      }
    }
    slots.add(new ArrayList<>(List.of(next)));
    best = Math.min(best, fewest(program, rest, slots));
    slots.remove(slots.size() - 1);
    return best;
  }

  private static long size(List<List<Lifetime>> slots) {
    return slots.stream()
        .mapToLong(
            slot -> slot.stream().mapToLong(l -> SlotClass.coefficient(l.buffer())).max().orElse(0))
        .sum();
  }

  @Test
  void greedyPlansAreNearTheBest() {
    long greedy = 0;
    long best = 0;
    for (long seed = 0; seed < 150; seed++) {
      KernelProgram program = random(seed);
      List<List<Lifetime>> slots = PlanMemory.slots(program);
      for (List<Lifetime> slot : slots) {
        assertNoneOverlap(program, slot);
      }
      long exact = fewest(program, Lifetimes.of(program), new ArrayList<>());
      assertThat(size(slots)).isBetween(exact, 2 * exact);
      greedy += size(slots);
      best += exact;
    }
    assertThat(greedy).isLessThanOrEqualTo(best * 103 / 100);
  }

  private static void assertNoneOverlap(KernelProgram program, List<Lifetime> slot) {
    for (Lifetime one : slot) {
      for (Lifetime other : slot) {
        assertThat(one == other || PlanMemory.canShare(program, one, other)).isTrue();
      }
    }
  }

  /** Sizes in B and in B² never share: neither is the larger one at every B. */
  @Test
  void monomialsHaveSlotsOfTheirOwn() {
    Dim b = Dim.symbol("B");
    Buffer line = new Buffer("line", DType.F32, List.of(b.times(100)));
    Buffer square = new Buffer("square", DType.F32, List.of(b.times(b)));
    Buffer shorter = new Buffer("shorter", DType.F32, List.of(b.times(60)));
    List<Buffer> all = List.of(line, square, shorter);
    KernelProgram program =
        program(all, all.stream().map(buffer -> kernel(buffer, List.of())).toList());
    KernelProgram planned = new PlanMemory().run(program, Target.PLAIN);
    assertThat(planned.plan().slotOf().get(shorter)).isEqualTo(planned.plan().slotOf().get(line));
    assertThat(MemorySize.text(planned.plan().peakBytes())).isEqualTo("4·B² + 400·B bytes");
  }
}

package org.modelc.passes.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.MemoryPlan;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.KernelProgram.Slot;
import org.modelc.passes.KernelPass;
import org.modelc.passes.Stage;
import org.modelc.passes.Target;
import org.modelc.passes.memory.Lifetimes.Lifetime;
import org.modelc.runtime.spec.Dim;

/**
 * Puts temporaries into slots and updates into the arrays of what they update.
 *
 * <p>Two temporaries share a slot if they are of one {@link SlotClass} and are not alive at once; a
 * kernel may write over what it reads for the last time at the same point ({@link SamePoint}).
 * Larger buffers are placed first, each into the smallest slot that has room. An update lies in
 * place if no kernel reads the old value after the one that writes the new, and that one only at
 * the same point.
 */
public final class PlanMemory implements KernelPass {
  private static final int TINY = 16;

  @Override
  public String name() {
    return "plan-memory";
  }

  @Override
  public Set<Stage> requires() {
    return Set.of(Stage.LOWERED);
  }

  @Override
  public Set<Stage> establishes() {
    return Set.of(Stage.PLANNED);
  }

  @Override
  public KernelProgram run(KernelProgram program, Target target) {
    List<List<Lifetime>> slots = slots(program);
    List<Slot> sizes = new ArrayList<>();
    Map<Buffer, Integer> slotOf = new HashMap<>();
    Dim bytes = Dim.ZERO;
    for (List<Lifetime> slot : slots) {
      Buffer largest = slot.get(0).buffer();
      slot.forEach(lifetime -> slotOf.put(lifetime.buffer(), sizes.size()));
      sizes.add(new Slot(largest.dtype(), largest.size()));
      bytes = bytes.plus(largest.size().times(largest.dtype().bytes()));
    }
    return program.withPlan(new MemoryPlan(sizes, slotOf, inPlace(program), bytes));
  }

  /** The temporaries of each slot, the largest first. */
  static List<List<Lifetime>> slots(KernelProgram program) {
    List<Lifetime> lifetimes = new ArrayList<>(Lifetimes.of(program));
    lifetimes.sort(
        Comparator.comparing((Lifetime lifetime) -> -SlotClass.coefficient(lifetime.buffer())));
    List<List<Lifetime>> slots = new ArrayList<>();
    for (Lifetime lifetime : lifetimes) {
      smallestFitting(program, slots, lifetime).add(lifetime);
    }
    return slots;
  }

  /** Slots are made from the largest down, so the last that fits wastes least. */
  private static List<Lifetime> smallestFitting(
      KernelProgram program, List<List<Lifetime>> slots, Lifetime lifetime) {
    for (int i = slots.size() - 1; i >= 0; i--) {
      if (fits(program, slots.get(i), lifetime)) {
        return slots.get(i);
      }
    }
    List<Lifetime> slot = new ArrayList<>();
    slots.add(slot);
    return slot;
  }

  private static boolean fits(KernelProgram program, List<Lifetime> slot, Lifetime lifetime) {
    Buffer largest = slot.get(0).buffer();
    return SlotClass.of(largest).equals(SlotClass.of(lifetime.buffer()))
        && (!isTiny(lifetime.buffer()) || isTiny(largest))
        && slot.stream().allMatch(other -> canShare(program, other, lifetime));
  }

  /** A few numbers in a large array would save nothing and make kernels wait for each other. */
  private static boolean isTiny(Buffer buffer) {
    return SlotClass.coefficient(buffer) <= TINY;
  }

  /** Whether two temporaries of one class may lie in one slot. */
  static boolean canShare(KernelProgram program, Lifetime one, Lifetime other) {
    if (!one.overlaps(other)) {
      return true;
    }
    Lifetime early = one.first() < other.first() ? one : other;
    Lifetime late = early == one ? other : one;
    return early.first() < late.first()
        && early.last() == late.first()
        && SamePoint.holds(
            program, program.kernels().get(late.first()), early.buffer(), late.buffer());
  }

  private static Map<Buffer, Buffer> inPlace(KernelProgram program) {
    Map<String, Buffer> inputs = new HashMap<>();
    program.parameters().stream()
        .filter(parameter -> parameter.updates() == null)
        .forEach(parameter -> inputs.put(parameter.name(), parameter.buffer()));
    List<Set<Buffer>> reads = new ArrayList<>();
    List<Set<Buffer>> writes = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      reads.add(resolved(program, kernel.reads()));
      writes.add(resolved(program, kernel.writes()));
    }
    Map<Buffer, Buffer> inPlace = new HashMap<>();
    Set<Buffer> taken = new HashSet<>();
    for (Parameter parameter : program.parameters()) {
      Buffer old = parameter.updates() == null ? null : inputs.get(parameter.updates());
      boolean free = old != null && !taken.contains(old);
      if (free && isInPlace(program, reads, writes, old, parameter.buffer())) {
        inPlace.put(parameter.buffer(), old);
        taken.add(old);
      }
    }
    return inPlace;
  }

  private static boolean isInPlace(
      KernelProgram program,
      List<Set<Buffer>> reads,
      List<Set<Buffer>> writes,
      Buffer old,
      Buffer updated) {
    boolean written = false;
    for (int i = 0; i < reads.size(); i++) {
      boolean readsOld = reads.get(i).contains(old);
      boolean writesNew = writes.get(i).contains(updated);
      boolean another = written && (readsOld || writesNew);
      if (another
          || (writesNew && !SamePoint.holds(program, program.kernels().get(i), old, updated))) {
        return false;
      }
      written |= writesNew;
    }
    return old.shape().equals(updated.shape()) && old.dtype() == updated.dtype();
  }

  private static Set<Buffer> resolved(KernelProgram program, List<Buffer> buffers) {
    Set<Buffer> resolved = new HashSet<>();
    buffers.forEach(buffer -> resolved.add(program.storage(buffer)));
    return resolved;
  }
}

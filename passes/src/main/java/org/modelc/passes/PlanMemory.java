package org.modelc.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.MemoryPlan;
import org.modelc.ir.kernel.KernelProgram.Slot;
import org.modelc.runtime.spec.Dim;

/** Gives every temporary its own slot. */
public final class PlanMemory implements KernelPass {
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
    List<Slot> slots = new ArrayList<>();
    Map<Buffer, Integer> slotOf = new HashMap<>();
    Dim bytes = Dim.ZERO;
    for (Buffer buffer : program.temporaries()) {
      if (program.literals().containsKey(buffer)) {
        continue;
      }
      slotOf.put(buffer, slots.size());
      slots.add(new Slot(buffer.dtype(), buffer.size()));
      bytes = bytes.plus(buffer.size().times(buffer.dtype().bytes()));
    }
    return program.withPlan(new MemoryPlan(slots, slotOf, Map.of(), bytes));
  }
}

package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.cuda.EmittedCudaProgram.PooledConstant;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.Literal;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Where a program's buffers lie: the caller's, pooled constants, and the slots of the memory plan.
 * A place is the number of a buffer of the ABI; buffers that share memory have one place.
 */
public final class BufferPlan {
  /** What the launcher aligns buffers to, as the driver's allocations are. */
  private static final int ALIGNMENT = 256;

  private final KernelProgram program;
  private final List<ProgramAbi.Buffer> abi = new ArrayList<>();
  private final List<PooledConstant> constants = new ArrayList<>();
  private final Map<String, Integer> placeOf = new HashMap<>();
  private final Map<String, Double> scalars = new HashMap<>();

  BufferPlan(KernelProgram program) {
    this.program = program;
    program.parameters().forEach(this::addParameter);
    program.literals().entrySet().stream()
        .sorted((a, b) -> a.getKey().name().compareTo(b.getKey().name()))
        .forEach(entry -> addConstant(entry.getKey(), entry.getValue()));
    addSlots();
    program.aliases().forEach(this::addView);
  }

  private void addParameter(KernelProgram.Parameter parameter) {
    Buffer buffer = parameter.buffer();
    Buffer updated = program.plan() == null ? null : program.plan().inPlace().get(buffer);
    placeOf.put(buffer.name(), updated == null ? abi.size() : placeOf.get(updated.name()));
    abi.add(
        new ProgramAbi.Buffer(
            parameter.name(),
            parameter.role(),
            buffer.dtype(),
            buffer.shape(),
            parameter.updates(),
            updated != null));
  }

  private void addConstant(Buffer buffer, Literal literal) {
    if (placeOf.containsKey(buffer.name())) {
      return;
    }
    if (literal.elements().length == 1) {
      scalars.put(buffer.name(), literal.elements()[0]);
    }
    constants.add(new PooledConstant(buffer.name(), literal.elements()));
    add(buffer.name(), Role.CONSTANT, buffer.dtype(), buffer.shape());
    placeOf.put(buffer.name(), abi.size() - 1);
  }

  private void addSlots() {
    if (program.plan() == null) {
      for (Buffer temporary : program.temporaries()) {
        if (!placeOf.containsKey(temporary.name()) && !program.aliases().containsKey(temporary)) {
          workspace(temporary.name(), temporary.dtype(), temporary.shape());
        }
      }
      return;
    }
    int first = abi.size();
    for (KernelProgram.Slot slot : program.plan().slots()) {
      add("slot" + (abi.size() - first), Role.WORKSPACE, slot.dtype(), List.of(slot.size()));
    }
    program.plan().slotOf().forEach((buffer, slot) -> placeOf.put(buffer.name(), first + slot));
  }

  private void addView(Buffer view, Buffer storage) {
    if (scalars.containsKey(storage.name())) {
      scalars.put(view.name(), scalars.get(storage.name()));
    }
    placeOf.putIfAbsent(view.name(), placeOf(storage));
  }

  private void add(String name, Role role, DType dtype, List<Dim> shape) {
    abi.add(new ProgramAbi.Buffer(name, role, dtype, shape, null, false));
  }

  /** Takes memory of a schedule's own, which all its kernels see. */
  public Buffer workspace(String name, DType dtype, List<Dim> shape) {
    placeOf.put(name, abi.size());
    add(name, Role.WORKSPACE, dtype, shape);
    return new Buffer(name, dtype, shape);
  }

  /** The number of the ABI's buffer that a buffer lies in. */
  public int placeOf(Buffer buffer) {
    Integer place = placeOf.get(buffer.name());
    if (place == null) {
      throw new IllegalStateException("buffer " + buffer.name() + " has no place in the program");
    }
    return place;
  }

  /** The one value of a constant buffer, or null. */
  Double scalar(Buffer buffer) {
    return scalars.get(buffer.name());
  }

  List<PooledConstant> constants() {
    return constants;
  }

  List<ProgramAbi.Buffer> abi() {
    return List.copyOf(abi);
  }

  /** Room for all slots in one arena, wherever alignment puts them. */
  Dim workspaceBytes() {
    Dim bytes = Dim.ZERO;
    for (ProgramAbi.Buffer buffer : abi) {
      if (buffer.role() == Role.WORKSPACE) {
        Dim own = buffer.size().times(buffer.dtype().bytes());
        bytes = bytes.plus(own.isStatic() ? aligned(own.value()) : own.plus(ALIGNMENT - 1));
      }
    }
    return bytes;
  }

  private static Dim aligned(long bytes) {
    return Dim.constant((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }
}

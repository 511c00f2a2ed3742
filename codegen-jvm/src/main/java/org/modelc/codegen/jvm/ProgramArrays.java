package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.Literal;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Where the buffers of a program lie: the order of its arrays (the caller's, pooled constants,
 * slots) and the array of each buffer.
 */
final class ProgramArrays {
  private final KernelProgram program;
  private final List<ProgramAbi.Buffer> abi = new ArrayList<>();
  private final List<EmittedProgram.PooledConstant> constants = new ArrayList<>();
  private final Map<String, Integer> indexOf = new HashMap<>();
  private final Map<String, Double> scalars = new HashMap<>();

  /** For an in-place output, the array of the input it updates. */
  private final Map<Integer, Integer> sameAs = new HashMap<>();

  private Dim extraBytes = Dim.ZERO;

  ProgramArrays(KernelProgram program) {
    this.program = program;
    program.parameters().forEach(this::addParameter);
    program.literals().entrySet().stream()
        .sorted((a, b) -> a.getKey().name().compareTo(b.getKey().name()))
        .forEach(entry -> addConstant(entry.getKey(), entry.getValue()));
    addWorkspace();
    program.aliases().forEach((view, storage) -> alias(view, storage));
  }

  private void addParameter(KernelProgram.Parameter parameter) {
    Buffer buffer = parameter.buffer();
    Buffer updated = program.plan() == null ? null : program.plan().inPlace().get(buffer);
    if (updated != null) {
      sameAs.put(abi.size(), indexOf.get(updated.name()));
    }
    boolean inPlace = updated != null;
    indexOf.put(buffer.name(), abi.size());
    abi.add(
        new ProgramAbi.Buffer(
            parameter.name(),
            parameter.role(),
            buffer.dtype(),
            buffer.shape(),
            parameter.updates(),
            inPlace));
  }

  private void addConstant(Buffer buffer, Literal literal) {
    if (indexOf.containsKey(buffer.name())) {
      return;
    }
    if (literal.elements().length == 1) {
      scalars.put(buffer.name(), literal.elements()[0]);
    }
    constants.add(new EmittedProgram.PooledConstant(buffer.name(), literal.elements()));
    add(buffer, Role.CONSTANT, null, false);
  }

  private void addWorkspace() {
    if (program.plan() == null) {
      for (Buffer temporary : program.temporaries()) {
        if (!indexOf.containsKey(temporary.name()) && !program.aliases().containsKey(temporary)) {
          add(temporary, Role.WORKSPACE, null, false);
        }
      }
      return;
    }
    int first = abi.size();
    List<KernelProgram.Slot> slots = program.plan().slots();
    for (int i = 0; i < slots.size(); i++) {
      KernelProgram.Slot slot = slots.get(i);
      add(new Buffer("slot" + i, slot.dtype(), List.of(slot.size())), Role.WORKSPACE, null, false);
    }
    program.plan().slotOf().forEach((buffer, slot) -> indexOf.put(buffer.name(), first + slot));
  }

  private void alias(Buffer view, Buffer storage) {
    if (scalars.containsKey(storage.name())) {
      scalars.put(view.name(), scalars.get(storage.name()));
    }
    indexOf.putIfAbsent(view.name(), arrayOf(storage));
  }

  private void add(Buffer buffer, Role role, String updates, boolean inPlace) {
    indexOf.put(buffer.name(), abi.size());
    abi.add(
        new ProgramAbi.Buffer(
            buffer.name(), role, buffer.dtype(), buffer.shape(), updates, inPlace));
  }

  /** Adds an array of the backend's own to the workspace. */
  Buffer addWorkspace(String name, DType dtype, Dim size) {
    Buffer buffer = new Buffer(name, dtype, List.of(size));
    add(buffer, Role.WORKSPACE, null, false);
    extraBytes = extraBytes.plus(size.times(dtype.bytes()));
    return buffer;
  }

  /** The position of a buffer's array among the arguments. */
  int arrayOf(Buffer buffer) {
    Integer index = indexOf.get(buffer.name());
    if (index == null) {
      throw new IllegalStateException("buffer " + buffer.name() + " has no place in the program");
    }
    return index;
  }

  /** As {@link #arrayOf}, the same number for arrays that the caller passes as one. */
  int identityOf(Buffer buffer) {
    int index = arrayOf(buffer);
    return sameAs.getOrDefault(index, index);
  }

  /** The one value of a constant buffer, or null. */
  Double scalar(Buffer buffer) {
    return scalars.get(buffer.name());
  }

  List<ProgramAbi.Buffer> abi() {
    return abi;
  }

  List<EmittedProgram.PooledConstant> constants() {
    return constants;
  }

  Dim peakBytes() {
    Dim planned = Dim.ZERO;
    if (program.plan() != null) {
      planned = program.plan().peakBytes();
    } else {
      for (Buffer temporary : program.temporaries()) {
        planned = planned.plus(temporary.size().times(temporary.dtype().bytes()));
      }
    }
    return planned.plus(extraBytes);
  }
}

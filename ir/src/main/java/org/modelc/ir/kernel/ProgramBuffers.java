package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.op.Literal;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Where a program's buffers lie, by number: the caller's, pooled constants, and workspace, which is
 * the slots of the memory plan and what a backend adds. How workspace is laid out is the backend's.
 */
public class ProgramBuffers {
  private final KernelProgram program;
  private final List<ProgramAbi.Buffer> buffers = new ArrayList<>();
  private final List<PooledConstant> constants = new ArrayList<>();
  private final Map<String, Integer> numberOf = new HashMap<>();
  private final Map<String, Double> scalars = new HashMap<>();

  /** How many are the caller's and constants, which come first. */
  private final int given;

  /** For an output that is made in place, the number of the input that it updates. */
  private final Map<Integer, Integer> sameAs = new HashMap<>();

  /** The buffers of a program that has them planned, or else workspace for each temporary. */
  public ProgramBuffers(KernelProgram program) {
    this.program = program;
    program.parameters().forEach(this::addParameter);
    program.literals().entrySet().stream()
        .sorted((a, b) -> a.getKey().name().compareTo(b.getKey().name()))
        .forEach(entry -> addConstant(entry.getKey(), entry.getValue()));
    given = buffers.size();
    addSlots();
    program.aliases().forEach(this::addView);
  }

  private void addParameter(KernelProgram.Parameter parameter) {
    Buffer buffer = parameter.buffer();
    Buffer updated = program.plan() == null ? null : program.plan().inPlace().get(buffer);
    if (updated != null) {
      sameAs.put(buffers.size(), placeOf(updated));
    }
    numberOf.put(buffer.name(), buffers.size());
    buffers.add(
        new ProgramAbi.Buffer(
            parameter.name(),
            parameter.role(),
            buffer.dtype(),
            buffer.shape(),
            parameter.updates(),
            updated != null));
  }

  private void addConstant(Buffer buffer, Literal literal) {
    if (numberOf.containsKey(buffer.name())) {
      return;
    }
    if (literal.elements().length == 1) {
      scalars.put(buffer.name(), literal.elements()[0]);
    }
    constants.add(new PooledConstant(buffer.name(), literal.elements()));
    numberOf.put(buffer.name(), add(buffer.name(), Role.CONSTANT, buffer.dtype(), buffer.shape()));
  }

  private void addSlots() {
    if (program.plan() == null) {
      program.temporaries().stream()
          .filter(each -> !numberOf.containsKey(each.name()))
          .filter(each -> !program.aliases().containsKey(each))
          .forEach(each -> workspace(each.name(), each.dtype(), each.shape()));
      return;
    }
    for (KernelProgram.Slot slot : program.plan().slots()) {
      String name = "slot" + (buffers.size() - given);
      add(name, Role.WORKSPACE, slot.dtype(), List.of(slot.size()));
    }
    program.plan().slotOf().forEach((buffer, slot) -> numberOf.put(buffer.name(), given + slot));
  }

  private void addView(Buffer view, Buffer storage) {
    if (scalars.containsKey(storage.name())) {
      scalars.put(view.name(), scalars.get(storage.name()));
    }
    numberOf.putIfAbsent(view.name(), numberOf(storage));
  }

  private int add(String name, Role role, DType dtype, List<Dim> shape) {
    buffers.add(new ProgramAbi.Buffer(name, role, dtype, shape, null, false));
    return buffers.size() - 1;
  }

  /** Takes memory of a schedule's own, which all kernels and workers see. */
  public final Buffer workspace(String name, DType dtype, List<Dim> shape) {
    numberOf.put(name, add(name, Role.WORKSPACE, dtype, shape));
    return new Buffer(name, dtype, shape);
  }

  /** A buffer's position in {@link #all}. */
  public final int numberOf(Buffer buffer) {
    return numberOf(buffer.name());
  }

  private int numberOf(String buffer) {
    Integer number = numberOf.get(buffer);
    if (number == null) {
      throw new IllegalStateException("buffer " + buffer + " has no place in the program");
    }
    return number;
  }

  /** The number of the memory that a buffer lies in, the same for all that share it. */
  public final int placeOf(Buffer buffer) {
    return placeOf(buffer.name());
  }

  /** As {@link #placeOf(Buffer)}, by the buffer's name. */
  public final int placeOf(String buffer) {
    int number = numberOf(buffer);
    return sameAs.getOrDefault(number, number);
  }

  /** The one value of a constant buffer, or null. */
  public final Double scalar(Buffer buffer) {
    return scalars.get(buffer.name());
  }

  /** The constants that are no parameters, in the order of their names. */
  public final List<PooledConstant> constants() {
    return constants;
  }

  /** All buffers by number: the caller's, constants, workspace. */
  public final List<ProgramAbi.Buffer> all() {
    return List.copyOf(buffers);
  }

  /** The caller's buffers and constants. */
  protected final List<ProgramAbi.Buffer> given() {
    return List.copyOf(buffers.subList(0, given));
  }

  /** Bytes of each workspace; their numbers follow those of the given buffers. */
  protected final List<Dim> workspaces() {
    return buffers.subList(given, buffers.size()).stream()
        .map(buffer -> buffer.size().times(buffer.dtype().bytes()))
        .toList();
  }

  /** Room for all workspaces in one arena, wherever their alignment in bytes puts them. */
  public final Dim arenaBytes(int alignment) {
    Dim bytes = Dim.ZERO;
    for (Dim own : workspaces()) {
      bytes =
          bytes.plus(own.isStatic() ? aligned(own.value(), alignment) : own.plus(alignment - 1));
    }
    return bytes;
  }

  /** Bytes rounded up to an alignment. */
  protected static Dim aligned(long bytes, int alignment) {
    return Dim.constant((bytes + alignment - 1) / alignment * alignment);
  }
}

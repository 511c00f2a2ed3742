package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.modelc.codegen.llvm.EmittedNativeProgram.PooledConstant;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.Literal;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Where a program's buffers lie: the caller's, pooled constants, and the arena with the slots of
 * the memory plan. A place is a number; buffers that share memory have one place.
 */
public final class BufferPlan {
  private static final int ALIGNMENT = 64;
  private static final String ARENA = "arena";

  private final KernelProgram program;
  private final List<ProgramAbi.Buffer> given = new ArrayList<>();
  private final List<PooledConstant> constants = new ArrayList<>();
  private final Map<String, Integer> placeOf = new HashMap<>();
  private final Map<String, Double> scalars = new HashMap<>();

  /** Bytes of each place of the arena; their numbers follow those of the given buffers. */
  private final List<Dim> slots = new ArrayList<>();

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
    placeOf.put(buffer.name(), updated == null ? given.size() : placeOf.get(updated.name()));
    given.add(
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
    placeOf.put(buffer.name(), given.size());
    given.add(
        new ProgramAbi.Buffer(
            buffer.name(), Role.CONSTANT, buffer.dtype(), buffer.shape(), null, false));
  }

  private void addSlots() {
    if (program.plan() == null) {
      for (Buffer temporary : program.temporaries()) {
        if (!placeOf.containsKey(temporary.name()) && !program.aliases().containsKey(temporary)) {
          placeOf.put(temporary.name(), addSlot(bytes(temporary.dtype(), temporary.size())));
        }
      }
      return;
    }
    int first = given.size();
    program.plan().slots().forEach(slot -> addSlot(bytes(slot.dtype(), slot.size())));
    program.plan().slotOf().forEach((buffer, slot) -> placeOf.put(buffer.name(), first + slot));
  }

  private void addView(Buffer view, Buffer storage) {
    if (scalars.containsKey(storage.name())) {
      scalars.put(view.name(), scalars.get(storage.name()));
    }
    placeOf.putIfAbsent(view.name(), placeOf(storage));
  }

  private static Dim bytes(DType dtype, Dim size) {
    return size.times(dtype.bytes());
  }

  private int addSlot(Dim bytes) {
    slots.add(bytes);
    return given.size() + slots.size() - 1;
  }

  /** Takes memory of a template's own in the arena, which all workers see. */
  public Buffer workspace(String name, DType dtype, List<Dim> shape) {
    Buffer buffer = new Buffer(name, dtype, shape);
    placeOf.put(name, addSlot(bytes(dtype, buffer.size())));
    return buffer;
  }

  /** The number of the memory that a buffer lies in. */
  public int placeOf(Buffer buffer) {
    return placeOf(buffer.name());
  }

  int placeOf(String buffer) {
    Integer place = placeOf.get(buffer);
    if (place == null) {
      throw new IllegalStateException("buffer " + buffer + " has no place in the program");
    }
    return place;
  }

  /** The one value of a constant buffer, or null. */
  public Double scalar(Buffer buffer) {
    return scalars.get(buffer.name());
  }

  List<PooledConstant> constants() {
    return constants;
  }

  /** The buffers in the order of the call: the given ones, then the arena. */
  List<ProgramAbi.Buffer> abi() {
    List<ProgramAbi.Buffer> buffers = new ArrayList<>(given);
    buffers.add(
        new ProgramAbi.Buffer(ARENA, Role.WORKSPACE, DType.I8, List.of(arenaBytes()), null, false));
    return buffers;
  }

  /** Room for all slots, wherever alignment puts them. */
  Dim arenaBytes() {
    Dim bytes = Dim.ZERO;
    for (Dim slot : slots) {
      bytes = bytes.plus(slot.isStatic() ? aligned(slot.value()) : slot.plus(ALIGNMENT - 1));
    }
    return bytes;
  }

  private static Dim aligned(long bytes) {
    return Dim.constant((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  /**
   * What writes the address of each place where it is needed; the table of given addresses is the
   * frame's third word. Given ones are read again for each use: a training step has hundreds, for
   * which there are no registers from its first kernel to its last.
   */
  List<Supplier<Operand>> addresses(FunctionWriter writer, Operand table, DimWriter dims) {
    List<Supplier<Operand>> addresses = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Operand place = Operand.i64(i);
      addresses.add(() -> writer.load("ptr", writer.address("i64", table, place)));
    }
    Operand arena = writer.load("ptr", writer.address("i64", table, Operand.i64(given.size())));
    Operand offset = Operand.i64(0);
    for (Dim slot : slots) {
      Operand address = writer.address("i8", arena, offset);
      addresses.add(() -> address);
      offset = next(writer, offset, slot, dims);
    }
    return addresses;
  }

  private static Operand next(FunctionWriter writer, Operand offset, Dim slot, DimWriter dims) {
    if (slot.isStatic() && offset.isConstant()) {
      return Operand.i64(Long.parseLong(offset.text()) + aligned(slot.value()).value());
    }
    Operand end = writer.add(writer.add(offset, dims.value(slot)), Operand.i64(ALIGNMENT - 1));
    return writer.binary("and", end, Operand.i64(-ALIGNMENT));
  }
}

package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.ProgramBuffers;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** A program's buffers as a call has them: the given ones, and an arena with all workspace. */
public final class BufferPlan extends ProgramBuffers {
  private static final int ALIGNMENT = 64;
  private static final String ARENA = "arena";

  BufferPlan(KernelProgram program) {
    super(program);
  }

  /** The buffers in the order of the call: the given ones, then the arena. */
  List<ProgramAbi.Buffer> abi() {
    List<ProgramAbi.Buffer> buffers = new ArrayList<>(given());
    buffers.add(
        new ProgramAbi.Buffer(ARENA, Role.WORKSPACE, DType.I8, List.of(arenaBytes()), null, false));
    return buffers;
  }

  /** Room for all workspace. */
  Dim arenaBytes() {
    return arenaBytes(ALIGNMENT);
  }

  /**
   * What writes the address of each place where it is needed; the table of given addresses is the
   * frame's third word. Given ones are read again for each use: a training step has hundreds, for
   * which there are no registers from its first kernel to its last.
   */
  List<Supplier<Operand>> addresses(FunctionWriter writer, Operand table, DimWriter dims) {
    List<Supplier<Operand>> addresses = new ArrayList<>();
    int given = given().size();
    for (int i = 0; i < given; i++) {
      Operand place = Operand.i64(i);
      addresses.add(() -> writer.load("ptr", writer.address("i64", table, place)));
    }
    Operand arena = writer.load("ptr", writer.address("i64", table, Operand.i64(given)));
    Operand offset = Operand.i64(0);
    for (Dim slot : workspaces()) {
      Operand address = writer.address("i8", arena, offset);
      addresses.add(() -> address);
      offset = next(writer, offset, slot, dims);
    }
    return addresses;
  }

  private static Operand next(FunctionWriter writer, Operand offset, Dim slot, DimWriter dims) {
    if (slot.isStatic() && offset.isConstant()) {
      return Operand.i64(Long.parseLong(offset.text()) + aligned(slot.value(), ALIGNMENT).value());
    }
    Operand end = writer.add(writer.add(offset, dims.value(slot)), Operand.i64(ALIGNMENT - 1));
    return writer.binary("and", end, Operand.i64(-ALIGNMENT));
  }
}

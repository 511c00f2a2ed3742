package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * An output of a program that tells when its phases ran: {@code i64[workers, 1 + phases, 2]}, the
 * processor's time stamps at each one's begin and end. The first place is of a loop of
 * multiply-adds on registers, {@link #operations} of them, so that all can be set beside what the
 * machine can do.
 */
public final class PhaseClock {
  /** The output's name. */
  public static final String NAME = "phase ticks";

  /** Workers of higher numbers leave no time. */
  public static final int WORKERS = 8;

  private static final int ROUNDS = 2_000;

  /** Sums that do not wait for each other, in half of the fewest registers. */
  private static final int SUMS = 10;

  static final Times NONE = (phase, isEnd) -> {};

  private final Buffer buffer;
  private final int phases;

  PhaseClock(int phases) {
    this.phases = phases;
    List<Dim> shape = List.of(Dim.constant(WORKERS), Dim.constant(1L + phases), Dim.constant(2));
    this.buffer = new Buffer(NAME, DType.I64, shape);
  }

  /** Writes down the time. */
  interface Times {
    void mark(Phase phase, boolean isEnd);
  }

  /** Floating-point operations of the loop that the first place is of. */
  public static long operations(IsaLevel level) {
    return 2L * ROUNDS * SUMS * level.lanes();
  }

  /** The program with the output. */
  KernelProgram in(KernelProgram program) {
    List<KernelProgram.Parameter> parameters = new ArrayList<>(program.parameters());
    parameters.add(new KernelProgram.Parameter(buffer, Role.OUTPUT, null));
    return new KernelProgram(
        program.name(),
        program.dims(),
        program.bounds(),
        parameters,
        program.temporaries(),
        program.aliases(),
        program.literals(),
        program.kernels(),
        program.plan());
  }

  /** Writes the loop of multiply-adds; the phases' marks follow, in their order. */
  Times times(
      FunctionWriter writer,
      List<Supplier<Operand>> addresses,
      BufferPlan buffers,
      Operand worker) {
    Operand known = writer.minimum(worker, Operand.i64(WORKERS - 1L));
    Operand row = writer.multiply(known, Operand.i64(2L * (1 + phases)));
    Operand own = writer.address("i64", addresses.get(buffers.placeOf(buffer)).get(), row);
    writer.store(writer.timeStamp(), own);
    Operand sum = multiplyAdds(writer, writer.timeStamp());
    Operand end = writer.address("i64", own, Operand.i64(1));
    writer.store(writer.timeStamp(), end);
    // Never so large: the sums are used, so that they are computed.
    Operand isUsed = writer.compare("fcmp ogt", sum, Operand.number("float", 1e30));
    writer.when(isUsed, () -> writer.store(Operand.i64(0), end));
    int[] place = {2};
    return (phase, isEnd) ->
        writer.store(writer.timeStamp(), writer.address("i64", own, Operand.i64(place[0]++)));
  }

  private static Operand multiplyAdds(FunctionWriter writer, Operand seed) {
    int lanes = writer.module().target().lanes();
    Operand small = writer.convert("uitofp", writer.binary("and", seed, Operand.i64(1)), "float");
    Operand factor = writer.splat(writer.multiply(small, Operand.number("float", 0.5)), lanes);
    List<Operand> sums = new ArrayList<>();
    for (int i = 0; i < SUMS; i++) {
      sums.add(writer.splat(Operand.number("float", i), lanes));
    }
    List<Operand> last =
        writer.loop(
            Operand.i64(0),
            Operand.i64(ROUNDS),
            1,
            sums,
            (round, carried) ->
                FunctionWriter.each(carried, sum -> writer.multiplyAdd(sum, factor, factor)));
    Operand all = last.get(0);
    for (Operand sum : last.subList(1, last.size())) {
      all = writer.add(all, sum);
    }
    return writer.extract(all, 0);
  }
}

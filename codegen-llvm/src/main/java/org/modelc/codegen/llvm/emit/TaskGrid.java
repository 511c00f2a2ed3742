package org.modelc.codegen.llvm.emit;

import java.util.List;
import java.util.Set;
import org.modelc.ir.kernel.Kernel;
import org.modelc.runtime.spec.Dim;

/** Gives the tasks of a kernel to workers. */
public final class TaskGrid {
  /** Scalar operations below which one more worker costs more at the barrier than it does. */
  static final long OPERATIONS_PER_WORKER = 1 << 16;

  private TaskGrid() {}

  /** Whether there is ever enough work for two. */
  static boolean isShared(Dim work, long tasks) {
    return tasks != 1 && (!work.isStatic() || work.value() >= 2 * OPERATIONS_PER_WORKER);
  }

  /**
   * The phase of a template's kernel.
   *
   * @param function written but not finished; its numbers are the first task and the one after the
   *     last
   * @param work scalar operations of all tasks
   * @param schedule how it runs, for the reader
   */
  public static Phase phase(
      Kernel kernel,
      KernelFunction function,
      TaskCount tasks,
      Dim work,
      List<String> schedule,
      ProgramWriter program) {
    List<String> comment = ProgramWriter.comment(kernel, schedule);
    KernelFunction.Callable callable = function.finish(kernel.name(), comment);
    Set<Integer> reads = program.places(kernel.reads());
    Set<Integer> writes = program.places(kernel.writes());
    return phase(new RangeKernel(comment, callable, tasks, work, reads, writes), program);
  }

  /** The phase in which workers share a kernel's tasks, or the first runs it alone. */
  public static Phase phase(RangeKernel kernel, ProgramWriter program) {
    boolean shared = isShared(kernel.work(), kernel.tasks().known());
    KernelFunction function = program.function();
    Operand count = kernel.tasks().write(function);
    if (shared) {
      share(function, count, kernel.tasks().alignment(), kernel.work(), kernel.callable());
    } else {
      function.call(kernel.callable(), Operand.i64(0), count);
    }
    KernelFunction.Callable grid =
        function.finish(kernel.callable().function() + ".tasks", List.of());
    return new Phase(grid, kernel.comment(), shared, kernel.reads(), kernel.writes());
  }

  private static void share(
      KernelFunction function,
      Operand count,
      long alignment,
      Dim work,
      KernelFunction.Callable callable) {
    FunctionWriter writer = function.writer();
    Operand parts = parts(function, count, work);
    Operand takesPart = writer.compare("icmp slt", function.first(), parts);
    writer.when(
        takesPart,
        () -> {
          Operand from = bound(writer, function.first(), parts, count, alignment);
          Operand next = writer.add(function.first(), Operand.i64(1));
          Operand to = bound(writer, next, parts, count, alignment);
          function.call(callable, from, to);
        });
  }

  /** At most all workers, at most one a task, fewer when work is small. */
  static Operand parts(KernelFunction function, Operand count, Dim work) {
    FunctionWriter writer = function.writer();
    Operand worthwhile =
        writer.binary("udiv", function.dim(work), Operand.i64(OPERATIONS_PER_WORKER));
    Operand most = writer.minimum(writer.minimum(worthwhile, count), function.second());
    return writer.intrinsic("llvm.smax", "i64", most, Operand.i64(1));
  }

  /** Where the share of a part begins. */
  static Operand bound(
      FunctionWriter writer, Operand part, Operand parts, Operand count, long alignment) {
    Operand exact = writer.binary("udiv", writer.multiply(count, part), parts);
    if (alignment == 1) {
      return exact;
    }
    Operand aligned = writer.binary("and", exact, Operand.i64(-alignment));
    Operand isLast = writer.compare("icmp eq", part, parts);
    return writer.select(isLast, count, aligned);
  }
}

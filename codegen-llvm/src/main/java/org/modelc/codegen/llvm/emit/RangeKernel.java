package org.modelc.codegen.llvm.emit;

import java.util.List;
import java.util.Set;
import org.modelc.runtime.spec.Dim;

/**
 * A kernel's function over a range of its tasks, not yet given to workers.
 *
 * @param comment origin and schedule
 * @param callable the function; it is given the first task and the one after the last
 * @param work scalar operations of all tasks
 * @param reads the places it reads
 * @param writes the places it writes
 * @param leading how many points leading axes of the nest have that tasks follow in order, so that
 *     those of a point, or of some that follow each other, are one range; null if none do
 */
public record RangeKernel(
    List<String> comment,
    KernelFunction.Callable callable,
    TaskCount tasks,
    Dim work,
    Set<Integer> reads,
    Set<Integer> writes,
    Dim leading) {
  /** A kernel whose tasks are not a nest's rows. */
  public RangeKernel(
      List<String> comment,
      KernelFunction.Callable callable,
      TaskCount tasks,
      Dim work,
      Set<Integer> reads,
      Set<Integer> writes) {
    this(comment, callable, tasks, work, reads, writes, null);
  }
}

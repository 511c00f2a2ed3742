package org.modelc.codegen.llvm.emit;

import java.util.List;
import java.util.Set;

/**
 * One call of a program: all workers may run it at once; what it depends on has passed a barrier.
 *
 * @param callable the function; it is given the worker and the number of workers
 * @param comment origin and schedule, for the reader
 * @param shared whether workers share it; if not, the first worker runs it alone
 * @param reads the places it reads
 * @param writes the places it writes
 */
public record Phase(
    KernelFunction.Callable callable,
    List<String> comment,
    boolean shared,
    Set<Integer> reads,
    Set<Integer> writes) {
  public Phase {
    comment = List.copyOf(comment);
    reads = Set.copyOf(reads);
    writes = Set.copyOf(writes);
  }

  boolean mustWaitFor(Phase earlier) {
    boolean bothAlone = !shared && !earlier.shared;
    return !bothAlone
        && (meets(reads, earlier.writes)
            || meets(writes, earlier.writes)
            || meets(writes, earlier.reads));
  }

  static boolean meets(Set<Integer> some, Set<Integer> others) {
    return some.stream().anyMatch(others::contains);
  }
}

package org.modelc.codegen.llvm.emit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;

/**
 * One call of a program: all workers may run it at once; what it depends on has passed a barrier.
 *
 * @param callable the function; it is given the worker and the number of workers
 * @param comment origin and schedule, for the reader
 * @param shared whether workers share it; if not, the first worker runs it alone
 * @param reads the places it reads
 * @param writes the places it writes
 * @param product the product that it computes, if it is one
 */
public record Phase(
    KernelFunction.Callable callable,
    List<String> comment,
    boolean shared,
    Set<Integer> reads,
    Set<Integer> writes,
    Optional<ScheduledProduct> product) {
  public Phase {
    comment = List.copyOf(comment);
    reads = Set.copyOf(reads);
    writes = Set.copyOf(writes);
  }

  Phase(
      KernelFunction.Callable callable,
      List<String> comment,
      boolean shared,
      Set<Integer> reads,
      Set<Integer> writes) {
    this(callable, comment, shared, reads, writes, Optional.empty());
  }

  /** This phase, known to compute a product. */
  public Phase of(ScheduledProduct scheduled) {
    return new Phase(callable, comment, shared, reads, writes, Optional.of(scheduled));
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

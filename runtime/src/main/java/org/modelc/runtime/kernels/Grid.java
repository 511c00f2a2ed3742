package org.modelc.runtime.kernels;

/** Divides a loop among workers. */
public final class Grid {
  /** Scalar operations below which one more worker costs more at the barrier than it does. */
  private static final long OPERATIONS_PER_WORKER = 16_384;

  private Grid() {}

  /**
   * How many workers share a loop: at most all, at most one an iteration, fewer when work is small.
   *
   * @param work scalar operations of the whole loop
   * @param count iterations
   */
  public static int parts(long work, int count, int workers) {
    if (workers == 1) {
      return 1;
    }
    long worthwhile = Math.min(count, work / OPERATIONS_PER_WORKER);
    return (int) Math.max(1, Math.min(workers, worthwhile));
  }

  /** Where the share of a part begins: the parts' shares differ by at most one iteration. */
  public static int bound(int count, int part, int parts) {
    return parts == 1 ? (part == 0 ? 0 : count) : (int) ((long) count * part / parts);
  }
}

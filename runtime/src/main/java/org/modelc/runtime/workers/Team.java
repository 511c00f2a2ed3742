package org.modelc.runtime.workers;

/**
 * The workers of one call, as generated code sees them: how many came, and a barrier between
 * kernels.
 */
public abstract class Team {
  /** For the runtime's own teams. */
  protected Team() {}

  /** The number of workers that joined this call; fixed once generated code runs. */
  public abstract int size();

  /**
   * Waits until every worker of the team has arrived. What was written before it is seen after it
   * by all.
   *
   * @throws IllegalStateException if another worker failed: the caller rethrows that worker's error
   */
  public abstract void barrier(int worker);

  /** A team of the caller alone. */
  public static Team alone() {
    return new Cohort(null, 1);
  }
}

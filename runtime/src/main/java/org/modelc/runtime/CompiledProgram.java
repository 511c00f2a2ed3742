package org.modelc.runtime;

import org.modelc.runtime.workers.Team;

/**
 * What a backend generates for one program.
 *
 * <p>All workers of a call run the same method over the same buffers (SPMD); they divide the work
 * by {@code team} and meet at its barriers. Implementations hold no mutable fields, so one instance
 * serves any number of sessions.
 */
public abstract class CompiledProgram {
  /** For generated classes. */
  protected CompiledProgram() {}

  /**
   * Runs the program as one worker of a team.
   *
   * @param buffers the arrays in the order of the program's ABI ({@code float[]}, {@code double[]},
   *     {@code int[]}, {@code long[]}, {@code byte[]} for i8 and bool, {@code short[]} for f16 and
   *     bf16)
   * @param dims the values of the ABI's dynamic dims
   * @param scratch this worker's own arrays, made by {@link #scratch} for the same dims or larger
   *     ones
   * @param team the workers of this call
   * @param worker this worker's number, 0 for the caller
   */
  public abstract void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker);

  /**
   * Makes the arrays one worker needs for itself (row buffers, packed panels); a session keeps one
   * set per worker.
   */
  public abstract Object[] scratch(int[] dims);
}

package org.modelc.runtime.nativecode;

import java.nio.Buffer;
import java.util.concurrent.locks.LockSupport;

/**
 * The native methods of one model. Its generated subclass declares them and loads the library
 * itself: a library belongs to the class loader of the class that loads it, and goes with it.
 */
public abstract class NativeCode {
  /** Yields of a waiting worker before it sleeps, about as long as a missed time slice. */
  private static final int YIELDS = 400;

  private static final long SLEEP_NANOS = 50_000;

  /** The last instance made, until it is taken: reflection would take a new process longer. */
  static volatile NativeCode latest;

  /** The number of the level that runs; 0 if the library cannot be used, null before a try. */
  Integer level;

  /** For generated classes, which keep the one instance in a static field {@code INSTANCE}. */
  protected NativeCode() {
    latest = this;
  }

  /** {@code System.load}, called by the generated class. */
  protected abstract void load(String path);

  /** The best instruction-set level that this machine can run, from 1; 0 if it can run none. */
  protected abstract int level();

  /** Says which level runs from now on; once, before any program runs. */
  protected abstract void select(int level);

  /** Where a direct buffer's memory begins. */
  protected abstract long address(Buffer buffer);

  /**
   * Runs a program as one worker of a team.
   *
   * @param program its number in the library
   * @param frame the address of the call's frame: four 64-bit addresses, of the team's block, the
   *     dims, the buffers' addresses and the workers' scratch addresses
   * @return 0, or 1 if a worker of the team failed
   */
  protected abstract int run(int program, long frame, int worker, int workers);

  /**
   * What a worker does, called by native code, when it has waited at a barrier for longer than
   * waking a thread takes.
   *
   * @param turn how often it was called at this barrier
   */
  protected final void pause(int turn) {
    if (turn < YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(SLEEP_NANOS);
    }
  }
}

package org.modelc.runtime.nativecode;

import java.nio.Buffer;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.workers.Team;

/** A program in a model's library. */
public final class NativeProgram extends CompiledProgram {
  /** Bytes of a team's block before the workers' own lines. */
  public static final int TEAM_BYTES = 192;

  private static final int FAILURE_AT = 128;
  private static final Object[] NO_ARRAYS = {};

  private final NativeCode code;
  private final int number;
  private final Dim scratchBytes;

  /**
   * A program.
   *
   * @param number its number in the library
   * @param scratchBytes what each worker needs for itself
   */
  public NativeProgram(NativeCode code, int number, Dim scratchBytes) {
    this.code = code;
    this.number = number;
    this.scratchBytes = scratchBytes;
  }

  /** The memory that each worker needs for itself. */
  public Dim scratchBytes() {
    return scratchBytes;
  }

  /** Where a direct buffer's memory begins. */
  public long address(Buffer buffer) {
    return code.address(buffer);
  }

  /**
   * Runs as one worker.
   *
   * @param buffers the frame's own, see {@link Call}
   */
  @Override
  public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
    Call call = (Call) buffers[0];
    boolean finished = false;
    try {
      finished = code.run(number, call.frame, worker, team.size()) == 0;
    } finally {
      if (!finished) {
        call.fail();
      }
    }
    if (!finished) {
      throw new IllegalStateException("another worker failed");
    }
  }

  @Override
  public Object[] scratch(int[] dims) {
    return NO_ARRAYS;
  }

  /** The memory of a call as native code sees it. */
  public static final class Call {
    private final java.nio.ByteBuffer team;
    private final long frame;

    /**
     * @param team the block where the workers meet
     * @param frame the frame's address
     */
    public Call(java.nio.ByteBuffer team, long frame) {
      this.team = team;
      this.frame = frame;
    }

    /** Tells workers that wait at a barrier that they wait in vain. */
    void fail() {
      team.putInt(FAILURE_AT, 1);
    }

    /** Makes the block as new. */
    public void reset() {
      for (int at = 0; at < TEAM_BYTES; at += Integer.BYTES) {
        team.putInt(at, 0);
      }
    }

    /** Whether a worker of the last call failed. */
    public boolean failed() {
      return team.getInt(FAILURE_AT) != 0;
    }
  }
}

package org.modelc.runtime.workers;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.modelc.runtime.CompiledProgram;

/**
 * The workers of one session. A call opens a door; workers that the executor runs in time join;
 * then the caller closes the door and runs the program with whoever came. A late worker finds the
 * door closed and returns at once, so any executor will do: a busy one means that the caller runs
 * alone. Results do not depend on who came.
 *
 * <p>One call at a time. Calls allocate nothing, unless the executor does.
 */
public final class Cohort extends Team {
  /** Multiply-adds below which waking a worker takes longer than its help saves. */
  private static final long SHARED_WORK = 1 << 19;

  private static final int CLOSED = -1;
  private static final long PATIENCE_NANOS = 200_000;

  /** Multiply-adds in a nanosecond, times the part of a call's time that may go into waiting. */
  private static final long WORK_PER_WAITED_NANO = 200;

  private final Executor executor;
  private final int threads;

  /** Null where nobody is ever summoned. */
  private final Entry entry;

  /** The number of workers inside, or {@link #CLOSED}. */
  private final AtomicInteger door = new AtomicInteger(CLOSED);

  /** Entries given to the executor that it has not begun. */
  private final AtomicInteger summoned = new AtomicInteger();

  private final AtomicInteger left = new AtomicInteger();
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int generation;
  private volatile int closedCall;
  private volatile Throwable failure;

  // Written by the caller before the door opens (size: before it is closed).
  private int call;
  private Thread caller;
  private int wanted;
  private int size = 1;
  private CompiledProgram program;
  private Object[] buffers;
  private int[] dims;
  private Object[][] scratch;

  /**
   * @param executor runs the workers besides the caller
   * @param threads the most workers, the caller among them; at least 1
   */
  public Cohort(Executor executor, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    this.executor = executor;
    this.threads = threads;
    this.entry = threads == 1 ? null : new Entry();
  }

  /** The most workers of a call. */
  public int threads() {
    return threads;
  }

  /**
   * Runs a program and returns when all its workers have left.
   *
   * @param scratch the arrays of each worker; no more workers come than there are entries
   * @param work multiply-adds of the call ({@code ProgramAbi.work}); small calls run alone
   * @throws RuntimeException what the program threw in any worker
   */
  public void run(
      CompiledProgram program, Object[] buffers, int[] dims, Object[][] scratch, long work) {
    int most = Math.min(threads, scratch.length);
    if (most == 1 || work < SHARED_WORK) {
      size = 1;
      program.run(buffers, dims, scratch[0], this, 0);
      return;
    }
    this.program = program;
    this.buffers = buffers;
    this.dims = dims;
    this.scratch = scratch;
    gather(most - 1, Math.min(PATIENCE_NANOS, work / WORK_PER_WAITED_NANO));
    runAs(0);
    awaitLeavers();
    Throwable thrown = failure;
    if (thrown != null) {
      rethrow(thrown);
    }
  }

  private void gather(int helpers, long patience) {
    call++;
    caller = Thread.currentThread();
    wanted = helpers;
    failure = null;
    arrived.set(0);
    left.set(0);
    door.set(0);
    summon(helpers);
    long begin = System.nanoTime();
    int turn = 0;
    while (door.get() < helpers && System.nanoTime() - begin < patience) {
      Pause.once(turn++, begin);
    }
    size = 1 + door.getAndSet(CLOSED);
    closedCall = call;
  }

  /** Entries that still wait in the executor's queue will do as well as new ones. */
  private void summon(int helpers) {
    for (int missing = helpers - summoned.get(); missing > 0; missing--) {
      summoned.incrementAndGet();
      if (!entry.isTaken()) {
        summoned.decrementAndGet();
        return;
      }
    }
  }

  private void join() {
    int inside = door.get();
    while (inside != CLOSED && inside < wanted) {
      if (door.compareAndSet(inside, inside + 1)) {
        long begin = System.nanoTime();
        for (int turn = 0; closedCall != call; turn++) {
          Pause.once(turn, begin);
        }
        runAs(inside + 1);
        left.incrementAndGet();
        return;
      }
      inside = door.get();
    }
  }

  private void runAs(int worker) {
    try {
      program.run(buffers, dims, scratch[worker], this, worker);
    } catch (RuntimeException | Error e) {
      if (!(e instanceof Poisoned)) {
        failure = e;
      }
    }
  }

  private void awaitLeavers() {
    long begin = System.nanoTime();
    for (int turn = 0; left.get() < size - 1; turn++) {
      Pause.once(turn, begin);
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof Error) {
      throw (Error) thrown;
    }
    throw (RuntimeException) thrown;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void barrier(int worker) {
    if (size == 1) {
      return;
    }
    int now = generation;
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      generation = now + 1;
      return;
    }
    long begin = System.nanoTime();
    for (int turn = 0; generation == now; turn++) {
      if (failure != null) {
        throw Poisoned.error();
      }
      Pause.once(turn, begin);
    }
  }

  /** What the executor runs. */
  private final class Entry implements Runnable {
    boolean isTaken() {
      try {
        executor.execute(this);
        return true;
      } catch (RejectedExecutionException busy) {
        return false;
      }
    }

    @Override
    public void run() {
      summoned.decrementAndGet();
      if (Thread.currentThread() != caller) { // An executor may run tasks in the caller's thread.
        join();
      }
    }
  }

  /** Ends a worker because another failed; that one's error is what the caller throws. */
  private static final class Poisoned extends IllegalStateException {
    static final Poisoned INSTANCE = new Poisoned();

    private static final long serialVersionUID = 1;

    private Poisoned() {
      super("another worker failed");
    }

    /** Declared as what every process has loaded: classes that throw it are verified without it. */
    static RuntimeException error() {
      return INSTANCE;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}

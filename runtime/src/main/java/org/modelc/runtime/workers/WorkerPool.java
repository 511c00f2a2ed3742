package org.modelc.runtime.workers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Daemon threads that wait for work between calls without allocating. A task that finds all threads
 * busy is rejected; a {@link Cohort} then runs with fewer workers.
 */
public final class WorkerPool implements Executor {
  private final Thread[] threads;
  private final List<Place<Runnable>> tasks = new ArrayList<>();

  /** Threads start when first needed. */
  public WorkerPool(int threads) {
    this.threads = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      tasks.add(new Place<>());
    }
  }

  /**
   * The pool that all sessions share unless given an executor: a thread per core but the caller's.
   */
  public static WorkerPool shared() {
    return Shared.POOL;
  }

  private static final class Shared {
    static final WorkerPool POOL =
        new WorkerPool(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
  }

  @Override
  public void execute(Runnable task) {
    for (int i = 0; i < threads.length; i++) {
      if (tasks.get(i).put(task)) {
        wake(i);
        return;
      }
    }
    throw Busy.INSTANCE;
  }

  private void wake(int index) {
    Thread thread = threads[index];
    if (thread == null) {
      thread = start(index);
    }
    LockSupport.unpark(thread);
  }

  private synchronized Thread start(int index) {
    if (threads[index] == null) {
      Thread thread = new Thread(new Loop(tasks.get(index)), "modelc-worker-" + (index + 1));
      thread.setDaemon(true);
      threads[index] = thread;
      thread.start();
    }
    return threads[index];
  }

  /** A thread's life: its task stays in its place until done, so that nobody gives it another. */
  private final class Loop implements Runnable {
    private final Place<Runnable> task;

    Loop(Place<Runnable> task) {
      this.task = task;
    }

    @Override
    public void run() {
      while (true) {
        await();
        try {
          task.held().run();
        } finally {
          task.take();
        }
      }
    }

    private void await() {
      long begin = System.nanoTime();
      for (int turn = 0; !task.isFull(); turn++) {
        if (System.nanoTime() - begin > PATIENCE_NANOS) {
          LockSupport.park(WorkerPool.this);
          begin = System.nanoTime();
        } else {
          Pause.once(turn, begin);
        }
      }
    }
  }

  /** One for all, without a stack trace: on a loaded machine it is thrown at every other call. */
  private static final class Busy extends RejectedExecutionException {
    static final Busy INSTANCE = new Busy();

    private static final long serialVersionUID = 1;

    private Busy() {
      super("all workers are busy");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** How long an idle thread looks for the next call before it sleeps until woken. */
  private static final long PATIENCE_NANOS = 100_000;
}

package org.modelc.benchmarks;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The probe on one thread and on two at a time. */
public final class ProbePair implements AutoCloseable {
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private final FmaPeak first = new FmaPeak();
  private final FmaPeak second = new FmaPeak();
  private final int turns;

  /**
   * @param turns of each chain a call
   */
  public ProbePair(int turns) {
    this.turns = turns;
  }

  /** On the calling thread. */
  public void one() {
    first.run(turns);
  }

  /** On the calling thread and another. */
  public void both() {
    Future<?> ending = other.submit(() -> second.run(turns));
    first.run(turns);
    try {
      ending.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    other.shutdown();
  }
}

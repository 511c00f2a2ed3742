package org.modelc.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.workers.Team;

/** A team of plain threads that meet at a plain barrier. */
final class ThreadTeam extends Team {
  private final int size;
  private final CyclicBarrier barrier;

  ThreadTeam(int size) {
    this.size = size;
    this.barrier = new CyclicBarrier(size);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void barrier(int worker) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  void run(CompiledProgram program, Object[] buffers, int[] dims) {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int worker = i;
        runs.add(threads.submit(() -> work(program, buffers, dims, worker)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private void work(CompiledProgram program, Object[] buffers, int[] dims, int worker) {
    try {
      program.run(buffers, dims, program.scratch(dims), this, worker);
    } catch (RuntimeException e) {
      barrier.reset();
      throw e;
    }
  }
}

package org.modelc.runtime.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.kernels.Grid;

@Timeout(60)
class CohortTest {
  private static final long LARGE = 1L << 40;
  private static final int ROUNDS = 50;

  /** Each round every element becomes the sum of itself and its neighbour of the round before. */
  private static final class Rounds extends CompiledProgram {
    @Override
    public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
      int length = dims[0];
      int parts = team.size();
      ((int[]) scratch[0])[0]++;
      for (int round = 0; round < ROUNDS; round++) {
        long[] from = (long[]) buffers[round % 2];
        long[] to = (long[]) buffers[1 - round % 2];
        int end = Grid.bound(length, worker + 1, parts);
        for (int i = Grid.bound(length, worker, parts); i < end; i++) {
          to[i] = from[i] + from[(i + 1) % length];
        }
        team.barrier(worker);
      }
    }

    @Override
    public Object[] scratch(int[] dims) {
      return new Object[] {new int[1]};
    }
  }

  private static long[] start(int length) {
    long[] values = new long[length];
    values[0] = 1;
    return values;
  }

  private static Object[][] scratch(CompiledProgram program, int workers) {
    Object[][] scratch = new Object[workers][];
    for (int i = 0; i < workers; i++) {
      scratch[i] = program.scratch(new int[] {0});
    }
    return scratch;
  }

  /** Element −i after n rounds is the binomial coefficient of n over i. */
  @Test
  void workersSeeWhatOthersWroteBeforeTheBarrier() {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Cohort cohort = new Cohort(executor, 3);
      Rounds program = new Rounds();
      Object[][] scratch = scratch(program, 3);
      for (int repeat = 0; repeat < 300; repeat++) {
        Object[] buffers = {start(101), new long[101]};
        cohort.run(program, buffers, new int[] {101}, scratch, LARGE);
        long[] result = (long[]) buffers[ROUNDS % 2];
        assertThat(result[0]).isEqualTo(1);
        assertThat(result[100]).isEqualTo(50);
        assertThat(result[99]).isEqualTo(1225);
        assertThat(result[98]).isEqualTo(19600);
      }
      assertThat(((int[]) scratch[0][0])[0]).isEqualTo(300);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void aBusyExecutorMeansRunningAlone() throws InterruptedException {
    ThreadPoolExecutor executor = (ThreadPoolExecutor) Executors.newFixedThreadPool(1);
    CountDownLatch release = new CountDownLatch(1);
    executor.execute(() -> awaitQuietly(release));
    Cohort cohort = new Cohort(executor, 2);
    Rounds program = new Rounds();
    Object[][] scratch = scratch(program, 2);
    for (int call = 0; call < 20; call++) {
      cohort.run(program, new Object[] {start(11), new long[11]}, new int[] {11}, scratch, LARGE);
    }
    assertThat(((int[]) scratch[1][0])[0]).isZero();
    assertThat(executor.getQueue()).hasSize(1);
    release.countDown();
    executor.shutdown();
    assertThat(executor.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anExecutorThatRunsTasksInTheCallersThreadWorks() {
    Cohort cohort = new Cohort(Runnable::run, 4);
    Rounds program = new Rounds();
    Object[] buffers = {start(7), new long[7]};
    cohort.run(program, buffers, new int[] {7}, scratch(program, 4), LARGE);
    assertThat(cohort.size()).isEqualTo(1);
  }

  @Test
  void smallWorkStaysWithTheCaller() {
    Executor none =
        task -> {
          throw new AssertionError("summoned a worker for little work");
        };
    Cohort cohort = new Cohort(none, 2);
    Rounds program = new Rounds();
    cohort.run(
        program, new Object[] {start(7), new long[7]}, new int[] {7}, scratch(program, 2), 1000);
  }

  @Test
  void theCallerThrowsWhatAnyWorkerThrew() {
    CompiledProgram failing =
        new CompiledProgram() {
          @Override
          public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
            if (worker == team.size() - 1) {
              throw new ArithmeticException("worker " + worker);
            }
            team.barrier(worker);
          }

          @Override
          public Object[] scratch(int[] dims) {
            return new Object[0];
          }
        };
    Cohort cohort = new Cohort(new WorkerPool(1), 2);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
              () -> cohort.run(failing, new Object[0], new int[0], new Object[2][0], LARGE))
          .isInstanceOf(ArithmeticException.class);
    }
    Rounds program = new Rounds();
    Object[] buffers = {start(101), new long[101]};
    cohort.run(program, buffers, new int[] {101}, scratch(program, 2), LARGE);
    assertThat(((long[]) buffers[0])[99]).isEqualTo(1225);
  }

  @Test
  void callsAllocateNothing() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Cohort cohort = new Cohort(new WorkerPool(1), 2);
    Rounds program = new Rounds();
    Object[] buffers = {start(101), new long[101]};
    Object[][] scratch = scratch(program, 2);
    int[] dims = {101};
    for (int i = 0; i < 1000; i++) {
      cohort.run(program, buffers, dims, scratch, LARGE);
    }
    long[] ids = workerIds();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = allocated(threads, ids);
      for (int i = 0; i < 1000; i++) {
        cohort.run(program, buffers, dims, scratch, LARGE);
      }
      least = Math.min(least, allocated(threads, ids) - before);
    }
    // What a call allocates shows in every round; what the measurement and the JVM do once does
    // not.
    // Less than the smallest object a call means none a call.
    assertThat(least).isLessThan(1000 * 16);
  }

  /** A refusal is an everyday answer of a loaded machine, so it must not cost an object either. */
  @Test
  void callsAllocateNothingWhileTheWorkersAreBusy() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    WorkerPool pool = new WorkerPool(1);
    CountDownLatch release = new CountDownLatch(1);
    pool.execute(() -> awaitQuietly(release));
    Cohort cohort = new Cohort(pool, 2);
    Rounds program = new Rounds();
    Object[] buffers = {start(101), new long[101]};
    Object[][] scratch = scratch(program, 2);
    int[] dims = {101};
    long[] caller = {Thread.currentThread().getId()};
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long before = allocated(threads, caller);
      for (int i = 0; i < 1000; i++) {
        cohort.run(program, buffers, dims, scratch, LARGE);
      }
      least = Math.min(least, allocated(threads, caller) - before);
    }
    release.countDown();
    assertThat(((int[]) scratch[1][0])[0]).isZero();
    assertThat(least).isLessThan(1000 * 16);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long[] workerIds() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread == Thread.currentThread() || thread.getName().startsWith("modelc-worker"))
        .mapToLong(Thread::getId)
        .toArray();
  }

  private static long allocated(com.sun.management.ThreadMXBean threads, long[] ids) {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(ids)) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}

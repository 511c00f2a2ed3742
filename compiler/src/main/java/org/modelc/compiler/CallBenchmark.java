package org.modelc.compiler;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.modelc.runtime.Frame;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Cohort;
import org.modelc.runtime.workers.WorkerPool;

/**
 * How long calls of a program take in a warm process, inputs noise.
 *
 * @param program the program's name
 * @param batch the value of every dynamic dim
 * @param threads the most workers of a call
 * @param calls how many were timed
 * @param medianMicros microseconds of a call, the median
 * @param p99Micros the 99th percentile
 * @param allocatedBytesPerCall bytes the calling thread allocated a call: the mean of a stretch of
 *     calls, the median over stretches, since a pass of the collector makes kernels place a few
 *     arrays anew once
 * @param gigaflops 2 × multiply-adds of a call over its median time, in 10⁹ a second
 * @param peakBytes workspace of a call
 */
public record CallBenchmark(
    String program,
    int batch,
    int threads,
    int calls,
    double medianMicros,
    double p99Micros,
    double allocatedBytesPerCall,
    double gigaflops,
    long peakBytes) {
  private static final long WARM_UP_NANOS = 1_000_000_000L;
  private static final long MEASURE_NANOS = 2_000_000_000L;
  private static final int LEAST_CALLS = 20;
  private static final int STRETCHES = 5;
  private static final int MOST_CALLS = 40_000;

  /**
   * Warms up for about a second and measures for about two.
   *
   * @param programs programs over their tensors
   */
  public static CallBenchmark run(ProgramSet programs, String program, int batch, int threads) {
    ProgramAbi abi = programs.program(program).abi();
    Cohort cohort = new Cohort(threads > 1 ? WorkerPool.shared() : null, threads);
    Frame frame = programs.frame(program, cohort);
    String[] dims = abi.dims().toArray(String[]::new);
    Object[] inputs = inputs(abi, dims(abi, batch));
    long[] nanos = new long[STRETCHES * MOST_CALLS];
    repeat(frame, inputs, dims, batch, WARM_UP_NANOS, nanos, 0, nanos.length);
    double[] bytes = new double[STRETCHES];
    int calls = 0;
    for (int i = 0; i < STRETCHES; i++) {
      long before = allocated();
      int begin = calls;
      calls =
          repeat(
              frame,
              inputs,
              dims,
              batch,
              MEASURE_NANOS / STRETCHES,
              nanos,
              begin,
              begin + MOST_CALLS);
      bytes[i] = (allocated() - before) / (double) (calls - begin);
    }
    Arrays.sort(bytes);
    double allocated = bytes[STRETCHES / 2];
    long[] sorted = Arrays.copyOf(nanos, calls);
    Arrays.sort(sorted);
    double median = sorted[calls / 2] / 1e3;
    double work = abi.work().evaluate(dims(abi, batch));
    return new CallBenchmark(
        program,
        batch,
        threads,
        calls,
        median,
        sorted[(int) (calls * 0.99)] / 1e3,
        // A few bytes in all come from the measuring itself.
        allocated < 1 ? 0 : allocated,
        2 * work / median / 1e3,
        abi.peakBytes().evaluate(dims(abi, batch)));
  }

  /** Times calls into {@code nanos} from a place up to another; returns where they end. */
  private static int repeat(
      Frame frame,
      Object[] inputs,
      String[] dims,
      int batch,
      long budget,
      long[] nanos,
      int begin,
      int most) {
    int calls = begin;
    long end = System.nanoTime() + budget;
    while (calls < most && (calls - begin < LEAST_CALLS || System.nanoTime() < end)) {
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i] != null) {
          frame.bind(i, inputs[i]);
        }
      }
      // Where two dims are in one length, it does not tell them.
      for (String dim : dims) {
        frame.dim(dim, batch);
      }
      long start = System.nanoTime();
      frame.run();
      nanos[calls++] = System.nanoTime() - start;
    }
    return calls;
  }

  /** Arrays for the inputs by position: noise, and zeros for what is no floating-point number. */
  static Object[] inputs(ProgramAbi abi, Map<String, Integer> dims) {
    Object[] inputs = new Object[abi.buffers().size()];
    for (int i = 0; i < inputs.length; i++) {
      ProgramAbi.Buffer buffer = abi.buffers().get(i);
      if (buffer.role() == Role.INPUT) {
        int size = Math.toIntExact(buffer.size().evaluate(dims));
        inputs[i] = Tensor.newArray(buffer.dtype(), size);
        if (inputs[i] instanceof float[] numbers) {
          Random noise = new Random(i);
          for (int j = 0; j < numbers.length; j++) {
            numbers[j] = noise.nextFloat();
          }
        }
      }
    }
    return inputs;
  }

  private static Map<String, Integer> dims(ProgramAbi abi, int batch) {
    Map<String, Integer> dims = new HashMap<>();
    abi.dims().forEach(dim -> dims.put(dim, batch));
    return dims;
  }

  private static long allocated() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
        ? threads.getThreadAllocatedBytes(Thread.currentThread().getId())
        : 0;
  }
}

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
 * @param allocatedBytesPerCall bytes the calling thread allocated a call, the mean
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
  private static final int MOST_CALLS = 200_000;

  /**
   * Warms up for about a second and measures for about two.
   *
   * @param programs programs over their tensors
   */
  public static CallBenchmark run(ProgramSet programs, String program, int batch, int threads) {
    ProgramAbi abi = programs.program(program).abi();
    Cohort cohort = new Cohort(threads > 1 ? WorkerPool.shared() : null, threads);
    Frame frame = programs.frame(program, cohort);
    Object[] inputs = inputs(abi, dims(abi, batch));
    repeat(frame, inputs, WARM_UP_NANOS, new long[MOST_CALLS]);
    long[] nanos = new long[MOST_CALLS];
    long before = allocated();
    int calls = repeat(frame, inputs, MEASURE_NANOS, nanos);
    double bytes = (allocated() - before) / (double) calls;
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
        bytes < 1 ? 0 : bytes,
        2 * work / median / 1e3,
        abi.peakBytes().evaluate(dims(abi, batch)));
  }

  private static int repeat(Frame frame, Object[] inputs, long budget, long[] nanos) {
    int calls = 0;
    long end = System.nanoTime() + budget;
    while (calls < nanos.length && (calls < LEAST_CALLS || System.nanoTime() < end)) {
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i] != null) {
          frame.bind(i, inputs[i]);
        }
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

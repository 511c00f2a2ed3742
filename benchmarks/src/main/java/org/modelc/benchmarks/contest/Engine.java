package org.modelc.benchmarks.contest;

/** What can run workloads; found by {@link java.util.ServiceLoader}. */
public interface Engine {
  /** The name in the output, such as {@code onnxruntime}. */
  String name();

  /** Whether the engine takes part in a row. */
  boolean runs(Workload workload);

  /**
   * Makes everything that a call needs, in this process, which runs nothing else.
   *
   * @param threads workers of a call, the calling thread among them
   * @throws Exception whatever the engine throws; the contest goes on without it
   */
  Prepared prepare(Workload workload, Materials materials, int threads) throws Exception;

  /** A workload ready to be called. */
  interface Prepared {
    /** How many steps of training are compared. */
    int STEPS = 3;

    /**
     * What is compared with other engines, taken before any timing: the results of a call, or the
     * losses of the first {@value #STEPS} steps.
     */
    float[] outcome() throws Exception;

    /** A call, results and all. */
    void call() throws Exception;

    /** Floating operations of a call, if known; else 0. */
    default double operations() {
      return 0;
    }
  }
}

package org.modelc.benchmarks.contest;

import java.io.IOException;
import java.util.List;

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

  /**
   * A program that loads the model from files and predicts once, as arguments of {@code java}. With
   * one argument more it prints, last, the line of {@code /proc/self/status} that tells its peak
   * memory.
   *
   * @return null if the engine takes no part in rows of whole processes
   * @throws IOException if its files cannot be written
   */
  default List<String> firstPrediction(Workload workload, Materials materials) throws IOException {
    return null;
  }

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

package org.modelc.compiler.schedule;

import java.util.Map;
import org.modelc.codegen.llvm.schedule.ProductChoices;
import org.modelc.codegen.llvm.schedule.ProductSchedule;

/** Kernels that can be run with one schedule or another, and timed. */
public interface KernelTrials {
  /** What can be chosen for each kernel, by fingerprint. */
  Map<String, ProductChoices> kernels();

  /** Makes kernels ready to run with given schedules; those left out have the cost model's. */
  Trial prepare(Map<String, ProductSchedule> schedules);

  /** Kernels with schedules. */
  @FunctionalInterface
  interface Trial {
    /** Runs all once; the time that each took, in any unit, by fingerprint. */
    Map<String, Double> run();
  }
}

package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.Dim;

/**
 * A kernel's work: points of its iteration space, which for a contraction are its multiply-adds.
 */
public final class KernelWork {
  private KernelWork() {}

  public static Dim of(Kernel kernel) {
    if (kernel instanceof LoopNest nest) {
      List<Axis> axes = new ArrayList<>(nest.parallel());
      axes.addAll(nest.reduce());
      return Dim.product(axes.stream().map(Axis::extent).toList());
    }
    return CostEstimate.of(((StatementKernel) kernel).body());
  }
}

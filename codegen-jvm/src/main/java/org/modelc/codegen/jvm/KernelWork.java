package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.runtime.spec.Dim;

/**
 * A kernel's work: points of its iteration space, which for a contraction are its multiply-adds.
 */
final class KernelWork {
  private KernelWork() {}

  static Dim of(Kernel kernel) {
    if (kernel instanceof LoopNest nest) {
      List<Axis> axes = new ArrayList<>(nest.parallel());
      axes.addAll(nest.reduce());
      return Dim.product(axes.stream().map(Axis::extent).toList());
    }
    return CostEstimate.of(((StatementKernel) kernel).body());
  }
}

package org.modelc.ir.kernel;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.spec.Dim;

/**
 * A kernel's work: points of its iteration space, which for a contraction are its multiply-adds.
 */
public final class KernelWork implements Kernel.Visitor<Dim> {
  /** Multiply-adds taken for an element of a composite's operand: their number differs by op. */
  private static final int COMPOSITE_COST = 64;

  private KernelWork() {}

  /** The work of a kernel. */
  public static Dim of(Kernel kernel) {
    return kernel.accept(new KernelWork());
  }

  @Override
  public Dim nest(LoopNest kernel) {
    List<Axis> axes = new ArrayList<>(kernel.parallel());
    axes.addAll(kernel.reduce());
    return Dim.product(axes.stream().map(Axis::extent).toList());
  }

  @Override
  public Dim statements(StatementKernel kernel) {
    return CostEstimate.of(kernel.body());
  }

  @Override
  public Dim op(OpKernel kernel) {
    Dim elements = Dim.ZERO;
    for (Buffer operand : kernel.operands()) {
      elements = elements.plus(operand.size());
    }
    return elements.times(COMPOSITE_COST);
  }
}

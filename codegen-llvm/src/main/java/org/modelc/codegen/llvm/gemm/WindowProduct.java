package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A nest that sums products of two loads, with its axes told apart: {@code out[batch, rows,
 * columns] = initial + Σ over inner of left[batch, rows, inner] × right[batch, columns, inner]}.
 *
 * @param batch axes that both loads depend on, or neither
 * @param rows axes of the left load alone
 * @param columns axes of the right load alone
 */
record WindowProduct(
    LoopNest nest,
    List<Axis> batch,
    List<Axis> rows,
    List<Axis> columns,
    Expr.Load left,
    Expr.Load right) {
  WindowProduct {
    batch = List.copyOf(batch);
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /** The readings of a nest of two loads' products, or none. */
  static List<WindowProduct> readings(LoopNest nest) {
    List<WindowProduct> readings = new ArrayList<>();
    for (ProductReading reading : ProductReading.of(nest)) {
      DType dtype = nest.reductions().get(0).dtype();
      if (isPlain(reading.left(), dtype) && isPlain(reading.right(), dtype)) {
        readings.add(
            new WindowProduct(
                nest,
                reading.batch(),
                reading.rows(),
                reading.columns(),
                (Expr.Load) reading.left(),
                (Expr.Load) reading.right()));
      }
    }
    return readings;
  }

  private static boolean isPlain(Expr factor, DType dtype) {
    boolean floating = dtype == DType.F32 || dtype == DType.F64;
    return floating
        && factor instanceof Expr.Load load
        && load.buffer().dtype() == dtype
        && AffineIndex.flat(load.buffer(), load.index()) != null;
  }

  DType dtype() {
    return nest.reductions().get(0).dtype();
  }

  /** The value that sums begin with. */
  double initial() {
    return ((Expr.Const) nest.reductions().get(0).initial()).value();
  }

  /** Multiply-adds of the whole nest. */
  Dim work() {
    return Contraction.extent(nest.parallel()).times(Contraction.extent(nest.reduce()));
  }

  AffineIndex leftPlace() {
    return AffineIndex.flat(left.buffer(), left.index());
  }

  AffineIndex rightPlace() {
    return AffineIndex.flat(right.buffer(), right.index());
  }

  /** How far apart elements are along an axis, if that is known while compiling; else null. */
  static Long step(AffineIndex place, Axis axis) {
    Dim coefficient = place.coefficient(axis.name());
    return coefficient.isStatic() ? coefficient.value() : null;
  }

  /**
   * Axes of known extent as steps of a kernel whose {@code a} is a load, and whose {@code b} has
   * the points of the axes one after another.
   *
   * @param apart elements from one point of {@code b} to the next
   */
  static List<WindowKernel.Step> steps(AffineIndex place, List<Axis> axes, long apart) {
    List<WindowKernel.Step> steps = new ArrayList<>();
    long right = apart;
    for (int i = axes.size() - 1; i >= 0; i--) {
      long extent = axes.get(i).extent().value();
      steps.add(0, new WindowKernel.Step(extent, step(place, axes.get(i)), right));
      right *= extent;
    }
    return steps;
  }

  /** Whether the steps of both loads along axes, and the axes' extents, are known. */
  boolean isKnown(List<Axis> axes) {
    return axes.stream()
        .allMatch(
            axis ->
                axis.extent().isStatic()
                    && step(leftPlace(), axis) != null
                    && step(rightPlace(), axis) != null);
  }
}

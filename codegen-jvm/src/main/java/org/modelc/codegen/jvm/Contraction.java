package org.modelc.codegen.jvm;

import java.util.List;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A nest as a matrix product: {@code out[batch, rows, columns] = Σ over inner of left × right},
 * where {@code left} does not depend on the columns' axes nor {@code right} on the rows'. Matmuls
 * in any transposition are such, and so are convolutions and their gradients, whose windows and
 * padding are part of {@code right}'s index expressions.
 *
 * @param nest the nest
 * @param batch axes that both sides depend on
 * @param rows axes of {@code left} alone
 * @param columns axes of {@code right} alone; vector instructions run along them
 * @param left the factor of the rows
 * @param right the factor of the columns
 * @param pitch the extent that the last columns' axis is given in tiles: more than its own where a
 *     row of the picture is followed by padding, so that rows follow each other in memory without a
 *     gap; what falls into the gap is computed and thrown away
 */
record Contraction(
    LoopNest nest,
    List<Axis> batch,
    List<Axis> rows,
    List<Axis> columns,
    Expr left,
    Expr right,
    Dim pitch) {
  /** Taken for a dim that is known only at a call. */
  private static final long ASSUMED_EXTENT = 64;

  /** Columns whose work equals the cost of starting a vector loop. */
  private static final double LOOP_START = 170;

  /** Columns computed for each column needed. */
  private static final double LARGEST_WASTE = 1.34;

  private static final double PANEL = 512;
  private static final double TILE = 128;
  private static final double FLOPS_PER_CYCLE = 32;
  private static final double COPY_CYCLES = 0.35;
  private static final double GATHER_CYCLES = 2;
  private static final double SCATTER_CYCLES = 12;
  private static final double RUN_CYCLES = 50;
  private static final double SHORTEST_RUN = 8;

  /** The cheapest reading of a nest as a product, or null if there is none. */
  static Contraction of(LoopNest nest) {
    Contraction best = null;
    for (ProductReading reading : ProductReading.of(nest)) {
      Contraction candidate = of(reading);
      if (candidate != null && (best == null || candidate.cost() < best.cost())) {
        best = candidate;
      }
    }
    return best;
  }

  private static Contraction of(ProductReading reading) {
    LoopNest nest = reading.nest();
    List<Axis> batch = reading.batch();
    List<Axis> rows = reading.rows();
    List<Axis> columns = reading.columns();
    Expr left = reading.left();
    Expr right = reading.right();
    boolean single = nest.reductions().get(0).dtype() == DType.F32;
    if (!single || rows.isEmpty() || columns.isEmpty()) {
      return null;
    }
    Dim pitch = pitch(columns, right);
    Contraction pitched = new Contraction(nest, batch, rows, columns, left, right, pitch);
    Dim extent = columns.get(columns.size() - 1).extent();
    return pitched.isCopied()
        ? pitched
        : new Contraction(nest, batch, rows, columns, left, right, extent);
  }

  /** The same product with rows and columns exchanged. */
  Contraction turned() {
    return new Contraction(
        nest,
        batch,
        /* rows= */ columns,
        /* columns= */ rows,
        /* left= */ right,
        /* right= */ left,
        rows.get(rows.size() - 1).extent());
  }

  private static Dim pitch(List<Axis> columns, Expr right) {
    Axis last = columns.get(columns.size() - 1);
    AffineIndex index = UnitStride.index(right);
    if (columns.size() < 2 || index == null || !index.coefficient(last.name()).is(1)) {
      return last.extent();
    }
    Dim step = index.coefficient(columns.get(columns.size() - 2).name());
    boolean known = step.isStatic() && last.extent().isStatic();
    boolean near =
        known
            && step.value() >= last.extent().value()
            && step.value() <= last.extent().value() * LARGEST_WASTE;
    return near ? step : last.extent();
  }

  /** Whether the last two columns' axes run through memory as one. */
  boolean isMerged() {
    if (columns.size() < 2) {
      return false;
    }
    AffineIndex index = UnitStride.index(right);
    Axis last = columns.get(columns.size() - 1);
    return index != null
        && index.coefficient(last.name()).is(1)
        && index.coefficient(columns.get(columns.size() - 2).name()).equals(pitch);
  }

  /** The columns of all tiles, gaps included. */
  Dim columnExtent() {
    Dim others = extent(columns.subList(0, columns.size() - 1));
    return others.times(pitch);
  }

  /** Estimated cycles for each batch and step of the inner dim. */
  double cost() {
    double m = size(rows);
    double n = size(columns) * size(pitch) / size(columns.get(columns.size() - 1).extent());
    double width = Math.min(n, PANEL);
    double products = 2 * m * n / FLOPS_PER_CYCLE * (width + LOOP_START) / width;
    double rowCycles = GATHER_CYCLES * m * Math.ceil(n / PANEL);
    Axis last = columns.get(columns.size() - 1);
    double columnCycles = isCopied() ? COPY_CYCLES + RUN_CYCLES / run() : GATHER_CYCLES;
    double packing = rowCycles + columnCycles * n * Math.ceil(m / TILE);
    return products + packing + m * n * storeCycles(last) / size(nest.reduce());
  }

  /** Whether the columns' factor is copied in runs along its last axis. */
  boolean isCopied() {
    Axis last = columns.get(columns.size() - 1);
    return UnitStride.along(right, last.name()) && (columns.size() == 1 || run() >= SHORTEST_RUN);
  }

  /** Elements of a run. */
  private double run() {
    Axis last = columns.get(columns.size() - 1);
    return isMerged()
        ? size(pitch) * size(columns.get(columns.size() - 2).extent())
        : size(last.extent());
  }

  private double storeCycles(Axis last) {
    double cycles = 0;
    for (LoopNest.Store store : nest.stores()) {
      AffineIndex index = KernelScope.flat(store.buffer(), store.index());
      boolean inOrder = index != null && index.coefficient(last.name()).is(1);
      cycles += inOrder ? 1 : SCATTER_CYCLES;
    }
    return cycles;
  }

  static double size(List<Axis> axes) {
    double product = 1;
    for (Axis axis : axes) {
      product *= size(axis.extent());
    }
    return product;
  }

  static double size(Dim dim) {
    return dim.isStatic() ? Math.max(1, dim.value()) : ASSUMED_EXTENT;
  }

  static Dim extent(List<Axis> axes) {
    return Dim.product(axes.stream().map(Axis::extent).toList());
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A nest as a matrix product: {@code out[batch, rows, columns] = initial + Σ over inner of left ×
 * right}, where {@code left} does not depend on the columns' axes nor {@code right} on the rows'.
 *
 * @param nest the nest
 * @param batch axes that both sides depend on, or neither
 * @param rows axes of {@code left} alone; none where it is a vector
 * @param columns axes of {@code right} alone; vectors run along the last one
 * @param left the factor of the rows
 * @param right the factor of the columns
 */
record Contraction(
    LoopNest nest, List<Axis> batch, List<Axis> rows, List<Axis> columns, Expr left, Expr right) {
  /** Taken for a dim that is known only at a call. */
  private static final long ASSUMED_EXTENT = 64;

  /** Rows from which on it pays to turn the right factor round. */
  private static final long FEW_ROWS = 3;

  private static final double LANES = 16;
  private static final double COPY_CYCLES = 0.15;
  private static final double TURN_CYCLES = 0.4;
  private static final double GATHER_CYCLES = 3;
  private static final double SCATTER_CYCLES = 2;

  Contraction {
    batch = List.copyOf(batch);
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /** The cheapest reading of a nest as a product, or null if there is none. */
  static Contraction of(LoopNest nest) {
    List<Contraction> all = readings(nest);
    return all.isEmpty() ? null : all.get(0);
  }

  /** All readings of a nest as a product, the cheapest first. */
  static List<Contraction> readings(LoopNest nest) {
    return ProductReading.of(nest).stream()
        .map(Contraction::of)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingDouble(Contraction::cost))
        .toList();
  }

  /**
   * How it is computed, for the reader.
   *
   * @param way what computes it
   */
  List<String> schedule(String way) {
    return List.of(
        way + " batch" + batch, "rows" + rows, "columns" + columns, "inner" + nest.reduce());
  }

  private static Contraction of(ProductReading reading) {
    DType dtype = reading.nest().reductions().get(0).dtype();
    boolean floating = dtype == DType.F32 || dtype == DType.F64;
    if (!floating || reading.columns().isEmpty()) {
      return null;
    }
    Contraction found =
        new Contraction(
            reading.nest(),
            reading.batch(),
            reading.rows(),
            reading.columns(),
            reading.left(),
            reading.right());
    Dim rowCount = found.rowCount();
    boolean few = rowCount.isStatic() && rowCount.value() < FEW_ROWS;
    if (found.leftPanels() != null) {
      return null;
    }
    boolean ready = found.isRightInRows() || found.rightPanels() != null;
    return few && !ready ? null : found;
  }

  /** The product of extents. */
  static Dim extent(List<Axis> axes) {
    return Dim.product(axes.stream().map(Axis::extent).toList());
  }

  /** What sums are computed in. */
  DType dtype() {
    return nest.reductions().get(0).dtype();
  }

  /** The value that sums begin with. */
  double initial() {
    return ((Expr.Const) nest.reductions().get(0).initial()).value();
  }

  Dim rowCount() {
    return extent(rows);
  }

  Dim columnCount() {
    return extent(columns);
  }

  Dim depth() {
    return extent(nest.reduce());
  }

  /** The position of a factor that is a mere load of the sums' type, else null. */
  AffineIndex place(Expr factor) {
    return factor instanceof Expr.Load load && load.buffer().dtype() == dtype()
        ? AffineIndex.flat(load.buffer(), load.index())
        : null;
  }

  /** Whether a factor's elements follow each other along the only one of some axes. */
  boolean runsAlong(Expr factor, List<Axis> axes) {
    AffineIndex place = place(factor);
    return place != null && axes.size() == 1 && place.coefficient(axes.get(0).name()).is(1);
  }

  /** The panels that the right factor lies in, or null. */
  PackedPanels rightPanels() {
    return PackedPanels.read(right, columns, nest.reduce());
  }

  private PackedPanels leftPanels() {
    return PackedPanels.read(left, rows, nest.reduce());
  }

  /** Whether the right factor lies so that a step's columns are next to each other. */
  boolean isRightInRows() {
    return runsAlong(right, columns) && nest.reduce().size() == 1;
  }

  /** Whether the right factor lies so that a column's steps are next to each other. */
  boolean isRightTurned() {
    return place(right) != null && columns.size() == 1 && runsAlong(right, nest.reduce());
  }

  /** Whether the left factor lies so that a row's steps are next to each other. */
  boolean isLeftInRows() {
    return place(left) != null && rows.size() <= 1 && runsAlong(left, nest.reduce());
  }

  /** Whether the left factor lies so that a step's rows are next to each other. */
  boolean isLeftTurned() {
    return runsAlong(left, rows) && nest.reduce().size() == 1;
  }

  /** The place of the one store that writes the bare sums in rows, else null. */
  AffineIndex plainStore() {
    if (nest.stores().size() != 1 || rows.size() > 1 || columns.size() > 1) {
      return null;
    }
    LoopNest.Store store = nest.stores().get(0);
    AffineIndex place = AffineIndex.flat(store.buffer(), store.index());
    boolean plain =
        store.value() instanceof Expr.Reduced
            && store.buffer().dtype() == dtype()
            && place != null
            && place.coefficient(columns.get(0).name()).is(1);
    return plain ? place : null;
  }

  // The choice between readings: estimated cycles a batch.

  private double cost() {
    double m = size(rows);
    double n = size(columns);
    double k = size(nest.reduce());
    double products = m * k * Math.ceil(n / LANES) / 2;
    double turned = isRightTurned() ? TURN_CYCLES : GATHER_CYCLES;
    double copied = isRightInRows() ? COPY_CYCLES : turned;
    double rightCycles = rightPanels() != null ? 0 : copied;
    double leftCycles = isLeftInRows() || isLeftTurned() ? TURN_CYCLES : GATHER_CYCLES;
    return products + rightCycles * n * k + leftCycles * m * k + m * n * storeCycles();
  }

  private double storeCycles() {
    String last = columns.get(columns.size() - 1).name();
    double cycles = 0;
    for (LoopNest.Store store : nest.stores()) {
      AffineIndex place = AffineIndex.flat(store.buffer(), store.index());
      boolean inOrder = place != null && columns.size() == 1 && place.coefficient(last).is(1);
      cycles += inOrder ? 1 / LANES : SCATTER_CYCLES;
    }
    return cycles;
  }

  private static double size(List<Axis> axes) {
    double product = 1;
    for (Axis axis : axes) {
      Dim extent = axis.extent();
      product *= extent.isStatic() ? Math.max(1, extent.value()) : ASSUMED_EXTENT;
    }
    return product;
  }
}

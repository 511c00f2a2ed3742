package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Axis;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Sums over lines of which both factors' elements are next to each other, for all places of a small
 * window: the gradient of a convolution's kernel. Where the convolution has strides, the right
 * factor's elements are as far apart, which {@link LaneProduct} alone can read.
 *
 * @param product the sums
 * @param outer what windows are counted by
 * @param window the last columns, few enough that their sums stay in registers
 * @param rows rows whose sums stay in registers together
 */
record InnerProduct(WindowProduct product, List<Axis> outer, List<Axis> window, int rows) {
  private static final long LARGEST_WINDOW = 9;
  private static final long SHORTEST_LINE = 4;
  private static final int MANY_REGISTERS = 32;

  /** What the lines of a tile may take of the first cache. */
  private static final long ELEMENTS_OF_PART = 7_000;

  private static final long PLACES_KEPT = 32;
  private static final long MOST_SUMS = 1 << 20;
  private static final int SUMS = 27;
  private static final int SUMS_WITH_FEW_REGISTERS = 10;

  InnerProduct {
    outer = List.copyOf(outer);
    window = List.copyOf(window);
  }

  /** A reading as such sums, or null if it is another product. */
  static InnerProduct of(WindowProduct product, TargetDescription target) {
    List<Axis> inner = product.nest().reduce();
    Axis line = inner.get(inner.size() - 1);
    boolean lines =
        inner.size() > 1
            && product.isKnown(List.of(line))
            && WindowProduct.step(product.leftPlace(), line) == 1
            && WindowProduct.step(product.rightPlace(), line) >= 1
            && line.extent().value() >= SHORTEST_LINE;
    if (!lines || product.rows().size() != 1 || !product.rows().get(0).extent().isStatic()) {
      return null;
    }
    List<Axis> outer = new ArrayList<>(product.batch());
    List<Axis> window = new ArrayList<>();
    long places = split(product, outer, window);
    boolean isDense = WindowProduct.step(product.rightPlace(), line) == 1;
    if ((places == 1 && isDense) || product.dtype() != DType.F32) {
      return null;
    }
    boolean many = target.level().registers() >= MANY_REGISTERS;
    int sums = many ? SUMS : SUMS_WITH_FEW_REGISTERS;
    int rows = (int) Math.max(1, Math.min(4, sums / places));
    InnerProduct found = new InnerProduct(product, outer, window, rows);
    return isDense || LaneProduct.of(found, target) != null ? found : null;
  }

  /** Takes columns into the window from the last on, as long as it stays small. */
  private static long split(WindowProduct product, List<Axis> outer, List<Axis> window) {
    long places = 1;
    List<Axis> columns = product.columns();
    int first = columns.size();
    while (first > 0
        && product.isKnown(List.of(columns.get(first - 1)))
        && places * columns.get(first - 1).extent().value() <= LARGEST_WINDOW) {
      places *= columns.get(--first).extent().value();
    }
    outer.addAll(columns.subList(0, first));
    window.addAll(columns.subList(first, columns.size()));
    return places;
  }

  /** Whether the right factor's elements are next to each other, too. */
  boolean isDense() {
    List<Axis> inner = product.nest().reduce();
    return WindowProduct.step(product.rightPlace(), inner.get(inner.size() - 1)) == 1;
  }

  /** The places of the window. */
  int places() {
    return (int) Contraction.extent(window).value();
  }

  /** Where a place of the window lies in the right factor, from its first place on. */
  long offset(int place) {
    long offset = 0;
    long rest = place;
    for (int i = window.size() - 1; i >= 0; i--) {
      long extent = window.get(i).extent().value();
      offset += rest % extent * WindowProduct.step(product.rightPlace(), window.get(i));
      rest /= extent;
    }
    return offset;
  }

  /** Where a place of the window is along one of its axes. */
  long at(int place, Axis axis) {
    long rest = place;
    for (int i = window.size() - 1; !window.get(i).equals(axis); i--) {
      rest /= window.get(i).extent().value();
    }
    return rest % axis.extent().value();
  }

  /** The axes that are summed over but the line. */
  List<Axis> lines() {
    List<Axis> inner = product.nest().reduce();
    return inner.subList(0, inner.size() - 1);
  }

  /** Elements of a line. */
  long length() {
    List<Axis> inner = product.nest().reduce();
    return inner.get(inner.size() - 1).extent().value();
  }

  /** How many tiles of rows there are for all windows. */
  Dim tasks() {
    long tiles = (row().extent().value() + rows - 1) / rows;
    return outerCount().times(tiles);
  }

  /**
   * How many places of the outermost axis of lines all tiles take before any goes on: so many that
   * the lines of a tile stay in the first cache, and those of all tiles in the second. 0 for all,
   * where they are few or sums would take too much memory.
   */
  long part() {
    List<Axis> inside = lines().subList(1, lines().size());
    Dim sums = tasks().times(PLACES_KEPT);
    if (!product.isKnown(inside) || !sums.isStatic() || sums.value() > MOST_SUMS) {
      return 0;
    }
    long elements = Contraction.extent(inside).value() * length();
    long most = Math.max(1, ELEMENTS_OF_PART / Math.max(1, elements * (rows + 1)));
    Dim extent = lines().get(0).extent();
    return extent.isStatic() && extent.value() <= most ? 0 : most;
  }

  Axis row() {
    return product.rows().get(0);
  }

  Dim outerCount() {
    return Contraction.extent(outer);
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * The gradient of the kernel of a convolution of each channel alone: sums over the lines of all
 * pictures, for the few places of a window.
 *
 * @param product the sums; its left factor is the gradient that flows, its right one the picture
 * @param outer what windows are counted by, where a window's first axes may be among them
 * @param window the columns whose sums stay in registers
 * @param taps their places, in the picture
 */
record DepthwiseGradient(
    WindowProduct product, List<Axis> outer, List<Axis> window, List<DepthwiseRun.Tap> taps) {
  private static final long MOST_TAPS = 49;
  private static final long SHORTEST = 4;
  private static final long LONGEST_STEP = 2;

  DepthwiseGradient {
    outer = List.copyOf(outer);
    window = List.copyOf(window);
    taps = List.copyOf(taps);
  }

  /**
   * A nest as such sums, or null, whatever the level.
   *
   * @param most how many sums there may be in registers
   */
  static DepthwiseGradient of(LoopNest given, long most) {
    LoopNest nest = CollapsedNest.of(given);
    for (WindowProduct product : WindowProduct.readings(nest)) {
      if (isGradient(product)) {
        return of(product, most);
      }
    }
    return null;
  }

  private static boolean isGradient(WindowProduct product) {
    List<Axis> columns = product.columns();
    List<Axis> reduce = product.nest().reduce();
    Axis last = reduce.get(reduce.size() - 1);
    if (product.batch().isEmpty()
        || !product.rows().isEmpty()
        || columns.isEmpty()
        || !product.isKnown(columns)
        || !product.isKnown(List.of(last))
        || Contraction.extent(columns).value() > MOST_TAPS) {
      return false;
    }
    Long step = WindowProduct.step(product.rightPlace(), last);
    long width = last.extent().value();
    return width >= SHORTEST
        && WindowProduct.step(product.leftPlace(), last) == 1
        && step >= 1
        && step <= LONGEST_STEP
        && slides(product, width * step)
        && DepthwiseRun.isAscending(DepthwiseRun.taps(product, columns));
  }

  /** Whether windows overlap or lie side by side in a line, unlike the columns of a matrix. */
  private static boolean slides(WindowProduct product, long line) {
    return product.columns().stream()
        .anyMatch(
            axis -> {
              long step = WindowProduct.step(product.rightPlace(), axis);
              return step > 0 && step < line;
            });
  }

  private static DepthwiseGradient of(WindowProduct product, long most) {
    List<Axis> columns = product.columns();
    int first = columns.size();
    long places = 1;
    while (first > 0 && places * columns.get(first - 1).extent().value() <= most) {
      places *= columns.get(--first).extent().value();
    }
    List<Axis> window = columns.subList(first, columns.size());
    List<Axis> outer = new ArrayList<>(product.batch());
    outer.addAll(columns.subList(0, first));
    return new DepthwiseGradient(product, outer, window, DepthwiseRun.taps(product, window));
  }

  /** The axis along a line. */
  Axis last() {
    List<Axis> reduce = product.nest().reduce();
    return reduce.get(reduce.size() - 1);
  }

  /** The axis of lines; null if there is none whose number and distance are known. */
  Axis lines() {
    List<Axis> reduce = product.nest().reduce();
    Axis lines = reduce.size() > 1 ? reduce.get(reduce.size() - 2) : null;
    return lines != null && product.isKnown(List.of(lines)) ? lines : null;
  }

  /** The axes that are summed over but lines and what lies along them. */
  List<Axis> pictures() {
    List<Axis> reduce = product.nest().reduce();
    return reduce.subList(0, reduce.size() - (lines() == null ? 1 : 2));
  }

  long width() {
    return last().extent().value();
  }

  long lineCount() {
    return lines() == null ? 1 : lines().extent().value();
  }

  Dim outerCount() {
    return Contraction.extent(outer);
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * The columns of a convolution as runs through memory: along the last axis elements are next to
 * each other; lines of it are joined where little lies between them. What lies between is computed
 * and dropped.
 *
 * @param product the convolution
 * @param outer what runs are counted by: the other parallel axes but rows, and lines if they are
 *     not joined
 * @param lines the axis of joined lines, or null
 * @param step elements from one of a line to the next; where there are others between them, lines
 *     are not joined, but taken in turn
 * @param pitch elements from line to line; of no meaning without lines
 * @param block lines of a run
 */
record SlidingRun(
    WindowProduct product,
    List<Axis> outer,
    Axis lines,
    Axis last,
    long step,
    long pitch,
    long block) {
  /** Elements of a run from which on more are no better. */
  private static final long LONG = 256;

  /** Elements of a run of little work, whose sums still lie in the near caches. */
  private static final long LONGEST = 1024;

  /**
   * Multiply-adds of a run below which it is no work for a worker of its own: longer runs write
   * longer pieces of each plane, which memory likes better.
   */
  private static final long ENOUGH_WORK = 1 << 18;

  /** Runs of a plane, so that a single picture is work for several workers. */
  private static final long RUNS = 4;

  private static final double MOST_WASTE = 1.5;
  private static final long SHORTEST = 6;

  SlidingRun {
    outer = List.copyOf(outer);
  }

  /** The runs of a reading, or null if its elements do not lie in lines. */
  static SlidingRun of(WindowProduct product) {
    List<Axis> columns = product.columns();
    if (columns.isEmpty()
        || product.rows().size() > 1
        || !product.isKnown(product.nest().reduce())) {
      return null;
    }
    boolean isMatrix = columns.size() == 1 && product.nest().reduce().size() == 1;
    Axis last = columns.get(columns.size() - 1);
    boolean rowsKnown = product.isKnown(product.rows());
    if (isMatrix || !rowsKnown || !product.isKnown(List.of(last))) {
      return null;
    }
    Long step = WindowProduct.step(product.rightPlace(), last);
    return step >= 1 ? inLines(product, last, step) : null;
  }

  private static SlidingRun inLines(WindowProduct product, Axis last, long step) {
    List<Axis> outer = new ArrayList<>(product.batch());
    List<Axis> columns = product.columns();
    outer.addAll(columns.subList(0, columns.size() - 1));
    long width = last.extent().value();
    Axis lines = columns.size() > 1 ? columns.get(columns.size() - 2) : null;
    if (lines != null && product.isKnown(List.of(lines))) {
      long pitch = WindowProduct.step(product.rightPlace(), lines);
      if (pitch >= width && (step > 1 || pitch <= width * MOST_WASTE)) {
        outer.remove(lines);
        long count = lines.extent().value();
        long taken = step > 1 ? width : pitch;
        long block = Math.max(1, Math.min(LONG / taken, (count + RUNS - 1) / RUNS));
        long longer =
            Math.max(block, even(count, Math.min(LONGEST / taken, worth(product, width))));
        return new SlidingRun(product, outer, lines, last, step, pitch, longer);
      }
    }
    return width < SHORTEST ? null : new SlidingRun(product, outer, null, last, step, width, 1);
  }

  /** Lines that are work enough for a worker. */
  private static long worth(WindowProduct product, long width) {
    Dim steps =
        Contraction.extent(product.rows()).times(Contraction.extent(product.nest().reduce()));
    long work = steps.isStatic() ? steps.value() * width : ENOUGH_WORK;
    return (ENOUGH_WORK + work - 1) / work;
  }

  /** As many lines as there are in each of a few runs alike, no more than the most. */
  private static long even(long count, long most) {
    long runs = most < 1 ? count : (count + most - 1) / most;
    return (count + runs - 1) / runs;
  }

  long width() {
    return last.extent().value();
  }

  /** The number of lines of all runs of a plane. */
  Dim lineCount() {
    return lines == null ? Dim.ONE : lines.extent();
  }

  Dim outerCount() {
    return Contraction.extent(outer);
  }

  /** Whether a line's elements are next to each other. */
  boolean isDense() {
    return step == 1;
  }

  /** Whether each run is all columns of one element of the nest's first axis. */
  boolean isPicture(LoopNest nest) {
    boolean isWhole =
        lines == null || (lines.extent().isStatic() && block >= lines.extent().value());
    return isWhole && outer.equals(nest.parallel().subList(0, 1));
  }

  /** Runs whose sums stay in the first cache. */
  SlidingRun shorter() {
    long most = Math.max(1, LONG / pitch);
    return lines == null
        ? this
        : new SlidingRun(
            product, outer, lines, last, step, pitch, even(lines.extent().value(), most));
  }

  /** Elements of the longest run. */
  long longest() {
    return (block - 1) * pitch + width();
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/**
 * A convolution of each channel alone: the left factor is a small window, whose elements are the
 * same for all columns.
 *
 * @param product the convolution
 * @param outer what planes are counted by
 * @param lines the axis of lines; null if their number or distance is not known
 * @param last the axis along a line
 * @param taps the places of the window, in the order in which they are summed
 */
record DepthwiseRun(
    WindowProduct product, List<Axis> outer, Axis lines, Axis last, List<Tap> taps) {
  private static final long MOST_TAPS = 49;
  private static final long SHORTEST = 4;
  private static final long LONGEST_STEP = 2;
  private static final int FEWEST_LANES = 4;

  /**
   * A place of the window.
   *
   * @param left where it lies in the left factor
   * @param right where it lies in the right factor, from an output's first place on
   */
  record Tap(long left, long right) {}

  /** A line and a place of the window that meet an element. */
  record Use(int line, int tap) {}

  DepthwiseRun {
    outer = List.copyOf(outer);
    taps = List.copyOf(taps);
  }

  /** A nest as such a convolution, or null. */
  static DepthwiseRun of(LoopNest given) {
    LoopNest nest = CollapsedNest.of(given);
    for (WindowProduct product : WindowProduct.readings(nest)) {
      DepthwiseRun run = of(product);
      if (run != null) {
        return run;
      }
    }
    return null;
  }

  private static DepthwiseRun of(WindowProduct product) {
    List<Axis> columns = product.columns();
    List<Axis> reduce = product.nest().reduce();
    boolean isEach = !product.batch().isEmpty() && product.rows().isEmpty();
    if (!isEach || columns.isEmpty() || !product.isKnown(reduce)) {
      return null;
    }
    Axis last = columns.get(columns.size() - 1);
    boolean isKnown =
        product.isKnown(List.of(last)) && Contraction.extent(reduce).value() <= MOST_TAPS;
    long width = isKnown ? last.extent().value() : 0;
    long step = isKnown ? WindowProduct.step(product.rightPlace(), last) : 0;
    if (width < SHORTEST || step < 1 || step > LONGEST_STEP || !slides(product, width * step)) {
      return null;
    }
    List<Tap> taps = taps(product, reduce);
    Axis lines = lines(product);
    List<Axis> outer = new ArrayList<>(product.nest().parallel());
    outer.remove(last);
    outer.remove(lines);
    return isAscending(taps) ? new DepthwiseRun(product, outer, lines, last, taps) : null;
  }

  /** Whether windows overlap or lie side by side in a line, unlike the rows of a matrix. */
  private static boolean slides(WindowProduct product, long line) {
    AffineIndex place = product.rightPlace();
    return product.nest().reduce().stream()
            .allMatch(axis -> axis.extent().is(1) || WindowProduct.step(place, axis) > 0)
        && (product.columns().size() > 1
            || product.nest().reduce().stream()
                .anyMatch(axis -> WindowProduct.step(place, axis) < line));
  }

  private static Axis lines(WindowProduct product) {
    List<Axis> columns = product.columns();
    Axis lines = columns.size() > 1 ? columns.get(columns.size() - 2) : null;
    return lines != null
            && product.isKnown(List.of(lines))
            && WindowProduct.step(product.rightPlace(), lines) > 0
        ? lines
        : null;
  }

  /** The places of axes of known extent, the last axis running fastest. */
  static List<Tap> taps(WindowProduct product, List<Axis> axes) {
    List<Tap> taps = List.of(new Tap(0, 0));
    for (Axis axis : axes) {
      List<Tap> next = new ArrayList<>();
      for (Tap tap : taps) {
        for (long i = 0; i < axis.extent().value(); i++) {
          next.add(
              new Tap(
                  tap.left + i * WindowProduct.step(product.leftPlace(), axis),
                  tap.right + i * WindowProduct.step(product.rightPlace(), axis)));
        }
      }
      taps = next;
    }
    return taps;
  }

  /** Whether each place lies behind the one before it. */
  static boolean isAscending(List<Tap> taps) {
    for (int i = 1; i < taps.size(); i++) {
      if (taps.get(i).right <= taps.get(i - 1).right) {
        return false;
      }
    }
    return true;
  }

  /** Elements of a vector for lines of a width: half of a level's where that is enough. */
  static int lanes(long width, int most) {
    return most > FEWEST_LANES && width <= most / 2 ? most / 2 : most;
  }

  /**
   * Which places of the window meet an element of the right factor, in some lines that follow each
   * other: by where it lies, in ascending order.
   */
  static Map<Long, List<Use>> uses(int lines, long lineStep, List<Tap> taps) {
    Map<Long, List<Use>> uses = new TreeMap<>();
    for (int line = 0; line < lines; line++) {
      for (int tap = 0; tap < taps.size(); tap++) {
        long place = line * lineStep + taps.get(tap).right;
        uses.computeIfAbsent(place, key -> new ArrayList<>()).add(new Use(line, tap));
      }
    }
    return uses;
  }

  /** Elements from one output's first place to the next one's. */
  long step() {
    return WindowProduct.step(product.rightPlace(), last);
  }

  /** Elements from line to line; 0 without lines. */
  long lineStep() {
    return lines == null ? 0 : WindowProduct.step(product.rightPlace(), lines);
  }

  long width() {
    return last.extent().value();
  }

  long lineCount() {
    return lines == null ? 1 : lines.extent().value();
  }

  Dim outerCount() {
    return Contraction.extent(outer);
  }
}

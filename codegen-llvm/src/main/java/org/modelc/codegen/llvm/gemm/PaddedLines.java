package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.ZeroMargins;
import org.modelc.ir.kernel.Axis;

/** What need not be added of a convolution's sums, since the picture is padded there. */
final class PaddedLines {
  /** The most lines that have a kernel of their own. */
  private static final int MOST_EDGES = 4;

  private final List<Axis> taps;
  private final PaddedAxis across;
  private final PaddedAxis along;
  private final List<Edge> edges = new ArrayList<>();

  /**
   * A line at the picture's edge.
   *
   * @param first the first tap across lines that reads something else than zeros
   * @param count how many of them follow each other
   */
  record Edge(long line, long first, long count) {}

  PaddedLines(SlidingRun run, ZeroMargins margins) {
    WindowProduct product = run.product();
    this.taps = product.nest().reduce();
    this.across =
        run.lines() == null ? null : PaddedAxis.of(product.right(), run.lines(), taps, margins);
    List<Axis> innermost = taps.subList(taps.size() - 1, taps.size());
    PaddedAxis columns = PaddedAxis.of(product.right(), run.last(), innermost, margins);
    this.along = across != null && innermost.contains(across.tap()) ? null : columns;
    if (across != null) {
      for (long line = 0; line < across.point().extent().value(); line++) {
        long count = across.endTap(line) - across.firstTap(line);
        if (count > 0 && count < across.tap().extent().value()) {
          edges.add(new Edge(line, across.firstTap(line), count));
        }
      }
    }
  }

  /** The lines at the edges; none if they are too many. */
  List<Edge> all() {
    return edges.size() > MOST_EDGES ? List.of() : edges;
  }

  /** Which axis of those that are summed over lines are told apart by. */
  int tap() {
    return taps.indexOf(across.tap());
  }

  /** The steps of a line at an edge. */
  List<WindowKernel.Step> steps(List<WindowKernel.Step> all, Edge edge) {
    List<WindowKernel.Step> some = new ArrayList<>(all);
    WindowKernel.Step whole = all.get(tap());
    some.set(tap(), new WindowKernel.Step(edge.count, whole.left(), whole.right()));
    return some;
  }

  /** The places of a line, counted from its first pixel at the first tap; null without a pad. */
  ZeroMargins.Inside insideOfLine() {
    return along == null
        ? null
        : new ZeroMargins.Inside(along.from() - along.offset(), along.to() - along.offset());
  }
}

package org.modelc.codegen.llvm.gemm;

import java.util.List;
import org.modelc.codegen.llvm.emit.ZeroMargins;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/**
 * A dim of a padded picture, read at {@code stride × point + step × tap + offset}: outside {@code
 * from} and {@code to} all elements are zero, and their products need not be added.
 */
record PaddedAxis(Axis point, Axis tap, long stride, long step, long offset, long from, long to) {
  /** The dim along which a picture is read at an axis and one of some taps; null without a pad. */
  static PaddedAxis of(Expr.Load picture, Axis point, List<Axis> taps, ZeroMargins margins) {
    for (int dim = 0; dim < picture.index().size(); dim++) {
      AffineIndex index = AffineIndex.of(picture.index().get(dim));
      ZeroMargins.Inside inside = margins.inside(picture.buffer(), dim);
      if (index == null || inside == null) {
        continue;
      }
      Dim stride = index.coefficient(point.name());
      for (Axis tap : taps) {
        Dim step = index.coefficient(tap.name());
        boolean isKnown =
            index.coefficients().size() == 2
                && stride.isStatic()
                && stride.value() > 0
                && step.isStatic()
                && step.value() > 0
                && index.offset().isStatic()
                && point.extent().isStatic()
                && tap.extent().isStatic();
        if (isKnown) {
          long offset = index.offset().value();
          return new PaddedAxis(
              point, tap, stride.value(), step.value(), offset, inside.from(), inside.to());
        }
      }
    }
    return null;
  }

  /** The first point whose element at a tap may be something else than zero. */
  long firstPoint(long at) {
    return Math.max(0, ceiling(from - offset - step * at, stride));
  }

  /** The point after the last such one. */
  long endPoint(long at) {
    return Math.min(point.extent().value(), ceiling(to - offset - step * at, stride));
  }

  /** The first tap at which a point's element may be something else than zero. */
  long firstTap(long at) {
    return Math.max(0, ceiling(from - offset - stride * at, step));
  }

  /** The tap after the last such one. */
  long endTap(long at) {
    return Math.min(tap.extent().value(), ceiling(to - offset - stride * at, step));
  }

  private static long ceiling(long places, long step) {
    return Math.floorDiv(places + step - 1, step);
  }
}

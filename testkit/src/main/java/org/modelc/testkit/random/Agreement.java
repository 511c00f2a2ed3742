package org.modelc.testkit.random;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.Closeness;

/**
 * Compares a whole graph's results, where errors of many nodes add up. What rounding does to a
 * result is told by the distance of the interpreter's two precisions: a result that rounding turns
 * over (a floor, a comparison) is not judged.
 */
public final class Agreement {
  private static final double F64_PRECISION = 1e-9;
  private static final double F32_PRECISION = 2e-5;
  private static final double TURNED_OVER = 1e-2;

  private Agreement() {}

  /**
   * A word on the first difference, or null.
   *
   * @param exact by the interpreter in float64
   * @param typed by the interpreter, rounded to types after each node
   */
  public static String difference(List<Array> exact, List<Array> typed, List<Array> actual) {
    for (int i = 0; i < exact.size(); i++) {
      Array expected = typed.get(i);
      double error = largestDifference(exact.get(i), expected);
      double scale = scale(expected);
      if (!(error <= TURNED_OVER * Math.max(scale, 1))) {
        continue;
      }
      double precision = expected.dtype() == DType.F64 ? F64_PRECISION : F32_PRECISION;
      double allowed =
          expected.dtype().isFloating() ? precision * Math.max(scale, 1) + 30 * error : 0;
      String difference =
          new Closeness(expected.dtype().isFloating() ? precision : 0, allowed)
              .difference(expected, actual.get(i));
      if (difference != null) {
        return "output " + i + " " + difference;
      }
    }
    return null;
  }

  /** Infinity if one is finite where the other is not. */
  private static double largestDifference(Array left, Array right) {
    double largest = 0;
    for (int i = 0; i < left.size(); i++) {
      double a = left.data()[i];
      double b = right.data()[i];
      if (Double.isFinite(a) && Double.isFinite(b)) {
        largest = Math.max(largest, Math.abs(a - b));
      } else if (Double.compare(a, b) != 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return largest;
  }

  private static double scale(Array array) {
    double scale = 0;
    for (double value : array.data()) {
      scale = Double.isFinite(value) ? Math.max(scale, Math.abs(value)) : scale;
    }
    return scale;
  }
}

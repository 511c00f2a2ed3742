package org.modelc.passes.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Where an element of one shape lies in another shape of the same elements in the same order, as
 * long as no division is needed at run time.
 */
final class Reindex {
  private final Map<String, Dim> extents = new TreeMap<>();

  /**
   * @param axes the axes that indices are made of
   */
  Reindex(List<Axis> axes) {
    axes.forEach(axis -> extents.put(axis.name(), axis.extent()));
  }

  /** The index in {@code to} of the element at {@code index} of {@code from}; null if unknown. */
  List<Expr> apply(List<Dim> from, List<Expr> index, List<Dim> to) {
    if (from.equals(to)) {
      return index;
    }
    List<Expr> result = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < from.size() || j < to.size()) {
      if (i < from.size() && from.get(i).is(1)) {
        i++;
      } else if (j < to.size() && to.get(j).is(1)) {
        result.add(Expr.integer(0));
        j++;
      } else {
        int[] ends = group(from, i, to, j);
        if (ends == null || !regroup(from, index, i, ends[0], to, j, ends[1], result)) {
          return null;
        }
        i = ends[0];
        j = ends[1];
      }
    }
    return result;
  }

  /** The smallest runs of dims with equal products. */
  private static int[] group(List<Dim> from, int i, List<Dim> to, int j) {
    if (i == from.size() || j == to.size()) {
      return null;
    }
    for (int end = i + 1; end <= from.size(); end++) {
      Dim size = Dim.product(from.subList(i, end));
      for (int other = j + 1; other <= to.size(); other++) {
        if (Dim.product(to.subList(j, other)).equals(size)) {
          return new int[] {end, other};
        }
      }
    }
    return null;
  }

  private boolean regroup(
      List<Dim> from,
      List<Expr> index,
      int i,
      int end,
      List<Dim> to,
      int j,
      int other,
      List<Expr> result) {
    Expr flat = index.get(i);
    for (int k = i + 1; k < end; k++) {
      flat = flat.times(Expr.size(from.get(k))).plus(index.get(k));
    }
    if (other == j + 1) {
      result.add(end == i + 1 ? flat : canonical(flat));
      return true;
    }
    AffineIndex rest = AffineIndex.of(flat);
    Dim stride = Dim.product(to.subList(j + 1, other));
    for (int k = j; k < other; k++) {
      AffineIndex quotient = rest == null ? null : quotient(rest, stride);
      if (quotient == null) {
        return false;
      }
      result.add(expression(quotient));
      rest = rest.plus(quotient.times(stride).times(Dim.constant(-1)));
      stride = k + 1 < other ? Dim.product(to.subList(k + 2, other)) : Dim.ONE;
    }
    return true;
  }

  /** The whole part after division by a stride, if what remains is surely below the stride. */
  private AffineIndex quotient(AffineIndex index, Dim stride) {
    if (stride.is(1)) {
      return index;
    }
    Map<String, Dim> whole = new TreeMap<>();
    Dim largestRest = Dim.ZERO;
    for (Map.Entry<String, Dim> term : index.coefficients().entrySet()) {
      Dim divided = term.getValue().dividedExactly(stride);
      Dim extent = extents.get(term.getKey());
      if (divided != null) {
        whole.put(term.getKey(), divided);
      } else if (extent == null || !isNonNegative(term.getValue())) {
        return null;
      } else {
        largestRest = largestRest.plus(term.getValue().times(extent.plus(-1)));
      }
    }
    Dim offset = index.offset().dividedExactly(stride);
    if (offset == null) {
      offset = Dim.ZERO;
      largestRest = largestRest.plus(index.offset());
    }
    boolean fits = isNonNegative(stride.plus(-1).minus(largestRest));
    return fits && isNonNegative(largestRest) ? new AffineIndex(whole, offset) : null;
  }

  private static boolean isNonNegative(Dim dim) {
    return dim.terms().values().stream().allMatch(coefficient -> coefficient >= 0);
  }

  private static Expr canonical(Expr flat) {
    AffineIndex affine = AffineIndex.of(flat);
    return affine == null ? flat : expression(affine);
  }

  /** An affine index as an expression. */
  static Expr expression(AffineIndex index) {
    Expr sum = null;
    for (Map.Entry<String, Dim> term : new TreeMap<>(index.coefficients()).entrySet()) {
      Expr axis = new Expr.Var(term.getKey(), DType.I32);
      Expr product = term.getValue().is(1) ? axis : axis.times(Expr.size(term.getValue()));
      sum = sum == null ? product : sum.plus(product);
    }
    if (sum == null) {
      return Expr.size(index.offset());
    }
    return index.offset().is(0) ? sum : sum.plus(Expr.size(index.offset()));
  }
}

package org.modelc.passes.compress;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.modelc.runtime.spec.Dim;

/**
 * A size that axes are made of: the channels of a convolution, of its batch norm, and of the next
 * weight's inputs are one. An axis is a product of factors, outermost first; one that was flattened
 * of channels, height and width has three. Axes of size 1 have none.
 *
 * <p>Factors are found equal one by one (union-find), and to be products of others.
 */
public final class DimFactor {
  private final Dim size;
  private DimFactor equal;
  private List<DimFactor> parts;
  private String fixed;

  DimFactor(Dim size) {
    this.size = size;
    if (!size.isStatic()) {
      fix("its size is known only at a call");
    }
  }

  /** How many indices it has. */
  public Dim size() {
    return size;
  }

  /** Why none of its indices can be removed; null if they can. */
  public String fixedBecause() {
    return fixed;
  }

  /** The factors that this one stands for. */
  List<DimFactor> leaves() {
    if (equal != null) {
      return equal.leaves();
    }
    return parts == null ? List.of(this) : leaves(parts);
  }

  /** The factors that a product of factors comes to. */
  static List<DimFactor> leaves(List<DimFactor> product) {
    List<DimFactor> leaves = new ArrayList<>();
    product.forEach(factor -> leaves.addAll(factor.leaves()));
    return leaves;
  }

  /** Says why no index can be removed; the first reason stays. */
  void fix(String reason) {
    for (DimFactor leaf : leaves()) {
      if (leaf.fixed == null) {
        leaf.fixed = reason;
      }
    }
  }

  /**
   * Makes two products one, outermost factors first. Where their factors do not line up, the rest
   * of both is fixed.
   *
   * @param mixing what is said of factors that do not line up
   */
  static void unify(List<DimFactor> left, List<DimFactor> right, String mixing) {
    Deque<DimFactor> first = new ArrayDeque<>(leaves(left));
    Deque<DimFactor> second = new ArrayDeque<>(leaves(right));
    while (!first.isEmpty() && !second.isEmpty()) {
      DimFactor x = next(first);
      DimFactor y = next(second);
      if (x == y || x.size.equals(y.size)) {
        x.join(y);
        first.pop();
        second.pop();
      } else if (x.isProductOf(second)) {
        first.pop();
      } else if (y.isProductOf(first)) {
        second.pop();
      } else {
        first.forEach(factor -> factor.fix(mixing));
        second.forEach(factor -> factor.fix(mixing));
        return;
      }
    }
  }

  /** The first leaf, found anew: an earlier step may have made it equal to another. */
  private static DimFactor next(Deque<DimFactor> factors) {
    List<DimFactor> leaves = factors.pop().leaves();
    for (int i = leaves.size() - 1; i >= 0; i--) {
      factors.push(leaves.get(i));
    }
    return factors.peek();
  }

  private void join(DimFactor other) {
    if (this == other) {
      return;
    }
    equal = other;
    if (fixed != null) {
      other.fix(fixed);
    }
  }

  /** Takes as many of the first factors as this one is a product of; none if there is no such. */
  private boolean isProductOf(Deque<DimFactor> factors) {
    List<DimFactor> taken = new ArrayList<>();
    Dim product = Dim.ONE;
    for (DimFactor factor : leaves(List.copyOf(factors))) {
      taken.add(factor);
      product = product.times(factor.size);
      if (product.equals(size)) {
        take(factors, taken);
        return true;
      }
    }
    return false;
  }

  private void take(Deque<DimFactor> factors, List<DimFactor> taken) {
    for (int i = 0; i < taken.size(); i++) {
      next(factors);
      factors.pop();
    }
    parts = List.copyOf(taken);
    if (fixed != null) {
      parts.forEach(part -> part.fix(fixed));
    }
  }

  @Override
  public String toString() {
    return size + (fixed == null ? "" : " (" + fixed + ")");
  }
}
